import Tags

/// Numbers the classes and the artists of songs. Names with the same `NameKey` are one; it is shown as most songs
/// write it. A song's artist is the first that it names.
public struct SongLabels: Sendable {
  /// The names of the classes, sorted; the number of a class is its index.
  public let classNames: [String]
  private let classes: [String: Int]
  private let artists: [String: Int]

  /// Numbers all classes and artists of these songs; the artists in the order in which they first appear.
  public init(_ songs: [Manifest.Song]) {
    let names = NameKey.spellings(of: songs.lazy.map(\.className)).sorted { $0.value < $1.value }
    classNames = names.map(\.value)
    classes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element.key, $0.offset) })
    var artists: [String: Int] = [:]
    for song in songs {
      let key = Self.artistKey(of: song)
      if !key.isEmpty && artists[key] == nil { artists[key] = artists.count }
    }
    self.artists = artists
  }

  /// The names of the classes of these songs, sorted.
  static func classNames(of songs: [Manifest.Song]) -> [String] {
    NameKey.spellings(of: songs.lazy.map(\.className)).values.sorted()
  }

  /// The number of artists.
  public var artistCount: Int { artists.count }

  /// The number of a song's class; nil if it has none.
  public func classIndex(of song: Manifest.Song) -> Int? { classes[NameKey.key(of: song.className)] }

  /// The number of a song's artist; nil if the manifest names none.
  public func artistIndex(of song: Manifest.Song) -> Int? { artists[Self.artistKey(of: song)] }

  /// The key of the artist that is named first; empty if none is.
  static func artistKey(of song: Manifest.Song) -> String {
    NameKey.key(of: song.artist.split(separator: ";").first.map(String.init) ?? "")
  }
}

extension Manifest {
  /// Writes each class as most of its songs do.
  mutating func unifyClassNames() {
    let spellings = NameKey.spellings(of: songs.lazy.map(\.className))
    let isUnified = Set(songs.lazy.map(\.className)).subtracting([""]).count == spellings.count
    guard !isUnified else { return }
    for index in songs.indices {
      songs[index].className = spellings[NameKey.key(of: songs[index].className)] ?? songs[index].className
    }
  }
}
