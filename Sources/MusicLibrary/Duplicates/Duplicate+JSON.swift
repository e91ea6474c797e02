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
    case path, title, artist, album, duration, bytes, bitRate, codec, sampleRate, channels, file, start, end
  }

  /// Writes every key, null if nothing is known: the JSON's shape does not depend on the song. `file`,
  /// `start` and `end`, in seconds, are there for a song that is a part of a file.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(track.path, forKey: .path)
    try container.encode(track.tags.title, forKey: .title)
    try container.encode(track.tags.artist, forKey: .artist)
    try container.encode(track.tags.album, forKey: .album)
    try container.encode(track.duration, forKey: .duration)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(bitRate, forKey: .bitRate)
    try container.encode(codec, forKey: .codec)
    try container.encode(sampleRate, forKey: .sampleRate)
    try container.encode(channelCount, forKey: .channels)
    if let bounds = track.source.bounds {
      try container.encode(track.source.file, forKey: .file)
      try container.encode(bounds.start, forKey: .start)
      try container.encode(track.endTime, forKey: .end)
    }
  }
}
