import Catalogue

/// The JSON of `akin similar --json` and `akin playlist --json`.
extension Recommendation: Encodable {
  private enum CodingKeys: CodingKey {
    case similarity, step, toEnd, why
  }

  /// Writes the song and its similarity; `step` and `toEnd` on a path, and `why` if it was asked for.
  public func encode(to encoder: any Encoder) throws {
    try track.encodeSong(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(similarity, forKey: .similarity)
    if let pathPlace {
      try container.encode(pathPlace.step, forKey: .step)
      try container.encode(pathPlace.toEnd, forKey: .toEnd)
    }
    if let reason { try container.encode(reason, forKey: .why) }
  }
}
