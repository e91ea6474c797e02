import Catalogue

/// The JSON of `akin similar --json` and `akin playlist --json`.
extension Recommendation: Encodable {
  private enum CodingKeys: CodingKey {
    case path, title, artist, album, duration, similarity, step, toEnd, file, start, end, why
  }

  /// Writes every key, null if nothing is known: the JSON's shape does not depend on the song. `step` and `toEnd` are
  /// there on a path; `file`, `start` and `end`, in seconds, of a song that is a part of a file; and `why` if it was asked
  /// for.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(track.path, forKey: .path)
    try container.encode(track.tags.title, forKey: .title)
    try container.encode(track.tags.artist, forKey: .artist)
    try container.encode(track.tags.album, forKey: .album)
    try container.encode(track.duration, forKey: .duration)
    try container.encode(similarity, forKey: .similarity)
    if let pathPlace {
      try container.encode(pathPlace.step, forKey: .step)
      try container.encode(pathPlace.toEnd, forKey: .toEnd)
    }
    if let bounds = track.source.bounds {
      try container.encode(track.source.file, forKey: .file)
      try container.encode(bounds.start, forKey: .start)
      try container.encode(track.endTime, forKey: .end)
    }
    if let reason { try container.encode(reason, forKey: .why) }
  }
}
