import Catalogue

/// One answer of a `Recommender`.
public struct Recommendation: Sendable, Hashable, Codable {
  /// The file.
  public var path: String
  /// The title, from the tags.
  public var title: String?
  /// The artist, from the tags.
  public var artist: String?
  /// The album, from the tags.
  public var album: String?
  /// In seconds.
  public var duration: Double?
  /// Cosine similarity, in -1...1.
  public var similarity: Float

  init(_ track: Track, similarity: Float) {
    path = track.path
    title = track.title
    artist = track.artist
    album = track.album
    duration = track.duration
    self.similarity = similarity
  }

  private enum CodingKeys: CodingKey {
    case path, title, artist, album, duration, similarity
  }

  /// Writes every key, null where nothing is known: the JSON's shape does not depend on the song.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(title, forKey: .title)
    try container.encode(artist, forKey: .artist)
    try container.encode(album, forKey: .album)
    try container.encode(duration, forKey: .duration)
    try container.encode(similarity, forKey: .similarity)
  }
}
