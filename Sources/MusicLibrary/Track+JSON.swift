import Catalogue

extension Track {
  private enum CodingKeys: CodingKey {
    case path, title, artist, album, duration, file, start, end
  }

  /// Writes what every JSON says of a song beside what is its own: each key, null if nothing is known, so that the JSON's
  /// shape does not depend on the song; and `file`, `start` and `end`, in seconds, of one that is a part of a file.
  func encodeSong(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(tags.title, forKey: .title)
    try container.encode(tags.artist, forKey: .artist)
    try container.encode(tags.album, forKey: .album)
    try container.encode(duration, forKey: .duration)
    if let bounds = source.bounds {
      try container.encode(source.file, forKey: .file)
      try container.encode(bounds.start, forKey: .start)
      try container.encode(bounds.end ?? duration.map { bounds.start + $0 }, forKey: .end)
    }
  }
}
