import Foundation

/// Numbers the classes and the artists of songs. Songs have the same class if it is written in the same way, and the
/// same artist if ``key(of:)`` of the names is the same.
public struct SongLabels: Sendable {
  /// The names of the classes, sorted; the number of a class is its index.
  public let classNames: [String]
  private let classes: [String: Int]
  private let artists: [String: Int]

  /// Numbers all classes and artists of these songs; the artists in the order in which they first appear.
  public init(_ songs: [Manifest.Song]) {
    classNames = Self.classNames(of: songs)
    classes = Dictionary(uniqueKeysWithValues: classNames.enumerated().map { ($0.element, $0.offset) })
    var artists: [String: Int] = [:]
    for song in songs {
      let key = Self.key(of: song.artist)
      if !key.isEmpty && artists[key] == nil { artists[key] = artists.count }
    }
    self.artists = artists
  }

  /// The names of the classes of these songs, sorted.
  static func classNames(of songs: [Manifest.Song]) -> [String] {
    Set(songs.map(\.className)).subtracting([""]).sorted()
  }

  /// The number of artists.
  public var artistCount: Int { artists.count }

  /// The number of a song's class; nil if it has none.
  public func classIndex(of song: Manifest.Song) -> Int? { classes[song.className] }

  /// The number of a song's artist; nil if the manifest names none.
  public func artistIndex(of song: Manifest.Song) -> Int? { artists[Self.key(of: song.artist)] }

  /// The form of a name in which names are compared: without case and extra spaces, so that "The  Beatles " and "the
  /// beatles" are one artist. Albums, genres and sub-genres are compared in the same way.
  public static func key(of name: String) -> String {
    // Kept cheap: a hundred thousand songs have four names each.
    name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
