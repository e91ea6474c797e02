import Tags

/// The groups of songs that share two labels of artist, album, genre and sub-genre.
struct SharedLabels {
  /// One of the labels by which songs are grouped.
  enum Label: Int, CaseIterable {
    case artist
    case album
    case genre
    case subgenre

    func text(of song: Manifest.Song) -> String {
      switch self {
      case .artist: song.artist.split(separator: ";").first.map(String.init) ?? ""
      case .album: song.album
      case .genre: song.genre
      case .subgenre: song.subgenre
      }
    }
  }

  /// All pairs of labels, the most telling first: the first of several groups with the same songs names the class.
  static let pairs: [(Label, Label)] = [
    (.artist, .album), (.artist, .genre), (.artist, .subgenre), (.genre, .subgenre), (.album, .genre),
    (.album, .subgenre),
  ]

  /// The songs that share one pair of labels.
  struct Group {
    /// The index of the pair in `pairs`.
    var pair: Int
    /// The songs, ascending.
    var songs: [Int]
  }

  /// All groups, in the order of their first songs.
  private(set) var groups: [Group] = []
  /// The groups that each song is in, at most six.
  private(set) var groupsOfSong: [[Int]] = []

  private struct Key: Hashable {
    var pair: Int
    var first: Int
    var second: Int
  }

  init(_ manifest: Manifest) {
    let songs = manifest.songs
    let albums = AlbumNumbers(manifest).numbers
    var numbers = Label.allCases.map { _ in [String: Int]() }
    func number(_ label: Label, of song: Manifest.Song) -> Int? {
      let text = NameKey.key(of: label.text(of: song))
      // A sub-genre that only repeats the genre is not a second label.
      guard !text.isEmpty, label != .subgenre || text != NameKey.key(of: song.genre) else { return nil }
      let next = numbers[label.rawValue].count
      return numbers[label.rawValue][text, default: next]
    }
    var indices: [Key: Int] = [:]
    for (index, song) in songs.enumerated() {
      var labels: [Int?] = []
      for label in Label.allCases {
        if label == .album {
          labels.append(albums[index])
          continue
        }
        let number = number(label, of: song)
        if let number { numbers[label.rawValue][NameKey.key(of: label.text(of: song))] = number }
        labels.append(number)
      }
      var own: [Int] = []
      for (pair, (one, other)) in Self.pairs.enumerated() {
        guard let first = labels[one.rawValue], let second = labels[other.rawValue] else { continue }
        let key = Key(pair: pair, first: first, second: second)
        let group = indices[key] ?? groups.count
        if group == groups.count {
          indices[key] = group
          groups.append(Group(pair: pair, songs: []))
        }
        groups[group].songs.append(index)
        own.append(group)
      }
      groupsOfSong.append(own)
    }
  }

  /// The two labels that the group's songs share, as its first song writes them.
  func name(of group: Int, in songs: [Manifest.Song]) -> String {
    let (one, other) = Self.pairs[groups[group].pair]
    let song = songs[groups[group].songs[0]]
    return "\(one.text(of: song)) – \(other.text(of: song))"
  }
}
