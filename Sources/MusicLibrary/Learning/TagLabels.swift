import Catalogue
import Foundation
import MetricLearning
import Reproducibility
import Tags

/// What tags say of songs that belong together.
struct TagLabels {
  /// The artist of each song; nil if it has none, or several as "Various Artists" has.
  let artists: [Int?]
  /// The album of each song; nil if it is on none.
  let albums: [Int?]
  /// The genres of each song that say something.
  let genres: [[Int]]
  /// What a song has in common with others that must not be in both parts of a check: the artist, or else the album, or
  /// else the folder.
  let units: [Int]
  /// A name for each genre, in its most frequent spelling.
  let genreNames: [String]
  /// How many artists there are.
  let artistCount: Int

  /// Reads the tags of tracks.
  init(_ tracks: [Track]) {
    var (artistNumbers, albumNumbers, unitNumbers) = (Numbers(), Numbers(), Numbers())
    let makers = tracks.map(Self.artist)
    artists = makers.map { $0.map { artistNumbers.number(of: $0) } }
    albums = tracks.map { $0.albumKey.map { albumNumbers.number(of: $0) } }
    units = zip(tracks, makers).map { track, artist in
      let album = track.albumKey.map { "album " + $0 }
      return unitNumbers.number(of: artist.map { "artist " + $0 } ?? album ?? Self.folder(track))
    }
    artistCount = artistNumbers.count
    let keys = tracks.map { track in
      track.tags.genres.compactMap { name in GenreKey.key(of: name).map { ($0, name) } }
    }
    var counts: [String: Int] = [:]
    for list in keys { for key in Set(list.map(\.0)) { counts[key, default: 0] += 1 } }
    let corrections = GenreKey.corrections(counts)
    var genreNumbers = Numbers()
    var spellings: [[String: Int]] = []
    genres = keys.map { list in
      var numbers: [Int] = []
      for (key, name) in list {
        let number = genreNumbers.number(of: corrections[key] ?? key)
        if number == spellings.count { spellings.append([:]) }
        spellings[number][name, default: 0] += 1
        if !numbers.contains(number) { numbers.append(number) }
      }
      return numbers
    }
    genreNames = spellings.map { names in
      names.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    }
  }

  /// A number for each name, in the order in which they come.
  private struct Numbers {
    private var known: [String: Int] = [:]
    var count: Int { known.count }

    mutating func number(of name: String) -> Int {
      if let number = known[name] { return number }
      known[name] = known.count
      return known.count - 1
    }
  }

  private static func folder(_ track: Track) -> String {
    "folder " + (track.path as NSString).deletingLastPathComponent
  }

  /// The key of the first artist, or else of the album's.
  private static func artist(_ track: Track) -> String? {
    let names = track.artistKeys + track.tags.albumArtists.map(NameKey.key)
    return names.first.flatMap { isNobody($0) ? nil : $0 }
      ?? track.tags.albumArtists.map(NameKey.key).first { !isNobody($0) }
  }

  /// Whether a name stands for artists that are many or unknown.
  private static func isNobody(_ key: String) -> Bool { nobodies.contains(SearchText.fold(key).filter { $0 != " " }) }

  private static let nobodies: Set<String> = [
    "", "artist", "artistesdivers", "compilation", "compilations", "divers", "diverse", "diverseinterpreten",
    "interpretesdivers", "na", "noartist", "none", "other", "unbekannt", "unbekannterinterpret", "unknown",
    "unknownartist", "unknownartists", "va", "variosartistas", "various", "variousartist", "variousartists",
    "variousinterprets", "verschiedene", "verschiedeneinterpreten", "artistivari", "artistainconnu", "artisteinconnu",
  ]

  /// Songs of units in random order, whole units as far as possible: up to `limit` songs. If there are more than that,
  /// at most `unitLimit` of each unit.
  func sample(_ limit: Int, unitLimit: Int, randomSeed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: randomSeed)
    let groups = Dictionary(grouping: units.indices) { units[$0] }.sorted { $0.key < $1.key }.map(\.value)
    let most = units.count > limit ? unitLimit : units.count
    var drawn: [Int] = []
    for group in groups.shuffled(using: &generator) where drawn.count < limit {
      drawn += group.shuffled(using: &generator).prefix(min(most, limit - drawn.count))
    }
    return drawn
  }

  /// The fold of each of some songs: songs of one unit are in one fold.
  func folds(of rows: [Int], count: Int, randomSeed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: randomSeed)
    let own = Set(rows.map { units[$0] }).sorted().shuffled(using: &generator)
    let folds = Dictionary(uniqueKeysWithValues: own.enumerated().map { ($1, $0 % count) })
    return rows.map { folds[units[$0]] ?? 0 }
  }

  /// The genres of some songs that say something of others: those with enough songs and artists.
  func usableGenres(among rows: [Int]) -> Set<Int> {
    var (songs, makers): ([Int: Int], [Int: Set<Int>]) = ([:], [:])
    for row in rows {
      guard let artist = artists[row] else { continue }
      for genre in genres[row] {
        songs[genre, default: 0] += 1
        makers[genre, default: []].insert(artist)
      }
    }
    return Set(
      songs.filter {
        $0.value >= LabelledDirections.fewestVectors
          && (makers[$0.key]?.count ?? 0) >= LabelledDirections.fewestMakers
      }.keys)
  }
}
