import Catalogue

/// What a playlist begins with: a song, or several that have something in common.
public struct Seed: Sendable {
  /// What was named.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case song, artist, album, genre, folder, playlist
  }

  /// What was named.
  public let kind: Kind
  /// Its name as the library has it, for people: "Artist – Title", or an artist's most frequent spelling.
  public let name: String
  /// How much it counts beside other seeds, above 0.
  public var weight: Double
  /// Whether a path was given, so that nobody need be told what was meant.
  public internal(set) var isPath = false
  /// What of it does not count, in a sentence; nil if all does.
  public internal(set) var note: String?
  /// All of its songs that the library has.
  public let songs: Set<TrackID>
  /// What is compared: all of its songs, or some that stand for them.
  let queries: [Recommender.Query]

  /// At most how many songs of an artist, an album, a genre, a folder or a playlist are compared. More of them change
  /// an answer little, and each of them takes time.
  public static let mostCompared = 24

  init(_ kind: Kind, name: String, weight: Double = 1, songs: Set<TrackID>, queries: [Recommender.Query]) {
    self.kind = kind
    self.name = name
    self.weight = weight
    self.songs = songs
    self.queries = queries
  }

  /// How a seed is named on a command line or in a saved mix.
  public struct Name: Sendable, Hashable, Codable {
    /// A path, or the name of an artist, an album, a title or a genre, or words of a title.
    public var text: String
    /// What it must be; nil for whatever is found first.
    public var kind: Kind?
    /// How much it counts beside other seeds, above 0.
    public var weight: Double

    /// A name. "artist:Name" is the same as `Name` with the kind `artist`, unless there is a file of that name.
    public init(_ text: String, kind: Kind? = nil, weight: Double = 1) {
      self.text = text
      self.kind = kind
      self.weight = weight
    }

    /// The kind that the text begins with, and what follows it.
    var prefixed: (kind: Kind, rest: String)? {
      guard kind == nil, let colon = text.firstIndex(of: ":"), let kind = Kind(rawValue: String(text[..<colon]))
      else { return nil }
      let rest = text[text.index(after: colon)...]
      return rest.isEmpty ? nil : (kind, String(rest))
    }
  }
}
