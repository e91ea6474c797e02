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
    case path, title, artist, album, duration, bytes, bitRate, codec, sampleRate, channels
  }

  /// Writes every key, null if nothing is known: the JSON's shape does not depend on the song.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(track.path, forKey: .path)
    try container.encode(track.tags.title, forKey: .title)
    try container.encode(track.tags.artist, forKey: .artist)
    try container.encode(track.tags.album, forKey: .album)
    try container.encode(track.duration, forKey: .duration)
    try container.encode(track.fileSize, forKey: .bytes)
    try container.encode(bitRate, forKey: .bitRate)
    try container.encode(codec, forKey: .codec)
    try container.encode(sampleRate, forKey: .sampleRate)
    try container.encode(channelCount, forKey: .channels)
  }
}
