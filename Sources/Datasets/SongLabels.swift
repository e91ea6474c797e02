import Foundation

/// Numbers for the classes and the artists of songs, and what counts as the same: classes by their names as they are
/// written, artists by ``key(of:)``.
public struct SongLabels: Sendable {
  /// The classes in the order of their numbers, sorted.
  public let classNames: [String]
  private let classes: [String: Int]
  private let artists: [String: Int]

  /// Numbers for all classes and artists of these songs; artists in the order in which they first come.
  public init(_ songs: [Manifest.Song]) {
    classNames = Set(songs.map(\.className)).subtracting([""]).sorted()
    classes = Dictionary(uniqueKeysWithValues: classNames.enumerated().map { ($0.element, $0.offset) })
    var artists: [String: Int] = [:]
    for song in songs {
      let key = Self.key(of: song.artist)
      if !key.isEmpty && artists[key] == nil { artists[key] = artists.count }
    }
    self.artists = artists
  }

  /// The number of artists.
  public var artistCount: Int { artists.count }

  /// The number of a song's class; nil if it has none.
  public func classIndex(of song: Manifest.Song) -> Int? { classes[song.className] }

  /// The number of a song's artist; nil if the manifest names none.
  public func artistIndex(of song: Manifest.Song) -> Int? { artists[Self.key(of: song.artist)] }

  /// A name as it is compared: "The  Beatles " and "the beatles" are one artist. Albums, genres and sub-genres are
  /// compared in the same way.
  public static func key(of name: String) -> String {
    // Most names are short and plain, and a hundred thousand songs have four each.
    name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
