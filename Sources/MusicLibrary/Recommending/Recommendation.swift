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
  /// How alike it sounds, in -1...1: about 0 for two songs drawn at random, 1 for the same sound. The cosine of the model's
  /// vectors; the model `descriptor` corrects it for hubs (`MutualProximityCorrection`).
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
