import Catalogue
import Tags

/// The JSON of `akin duplicates --json`.
extension Duplicate: Encodable {
  private enum CodingKeys: CodingKey { case songs }

  /// Writes the copies, in their order.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(songs, forKey: .songs)
  }
}

extension Duplicate.Song: Encodable {
  private enum CodingKeys: CodingKey {
    case bytes, bitRate, codec, sampleRate, channels
  }

  /// Writes the song and every key of its own, null if nothing is known.
  public func encode(to encoder: any Encoder) throws {
    try track.encodeSong(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(bitRate, forKey: .bitRate)
    try container.encode(codec, forKey: .codec)
    try container.encode(sampleRate, forKey: .sampleRate)
    try container.encode(channelCount, forKey: .channels)
  }
}
