import Foundation
import Catalogue
import MusicLibrary

/// All songs of a library at one moment, by the albums, artists and genres that they belong to: what is browsed and
/// searched.
struct Collection: Sendable {
  /// An album: the songs of one name by one maker, or in one folder.
  struct Album: Sendable {
    let id: String
    let name: String
    /// Who made it: as tagged, or the artists of its songs if they are the same.
    let artist: String?
    /// The row of its artist in ``Collection/artists``; nil if several made it.
    var artistRow: Int?
    /// Its songs in their order, as rows of ``Collection/tracks``.
    let tracks: [Int]
    let year: Int?
    let genres: [String]
    /// In seconds.
    let duration: Double
    /// When its last song was added or changed, in seconds since 1970.
    let modified: Double
  }

  /// An artist of songs or of albums.
  struct Artist: Sendable {
    let id: String
    let name: String
    /// Rows of ``Collection/albums``: those that it made, or that have songs of it.
    var albums: [Int] = []
    /// Rows of ``Collection/tracks``.
    var tracks: [Int] = []
  }

  /// A genre.
  struct Genre: Sendable {
    let name: String
    var tracks: [Int] = []
    var albumCount = 0
  }

  /// In the order of indexing.
  let tracks: [Track]
  /// In the order of their names.
  private(set) var albums: [Album] = []
  private(set) var artists: [Artist] = []
  private(set) var genres: [Genre] = []
  private let trackRows: [TrackID: Int]
  private var albumRows: [String: Int] = [:]
  private var artistRows: [String: Int] = [:]
  private var genreRows: [String: Int] = [:]
  /// The row of each song's album.
  private(set) var albumOfTrack: [Int?]
  /// The rows of each song's artists, in the order of its tags.
  private(set) var artistsOfTrack: [[Int]] = []
  /// What albums, artists and genres are found by.
  private(set) var (albumWords, artistWords, genreWords) = (WordTable([]), WordTable([]), WordTable([]))
  private var albumOrders: [AlbumOrder: [Int]] = [:]

  init(_ tracks: [Track]) {
    self.tracks = tracks
    trackRows = Dictionary(uniqueKeysWithValues: tracks.enumerated().map { ($1.id, $0) })
    albumOfTrack = Array(repeating: nil, count: tracks.count)
    findAlbums()
    findArtists()
    findGenres()
    orderAlbums()
  }

  /// The row of a song; nil if there is none of that number.
  func row(_ id: TrackID) -> Int? { trackRows[id] }
  /// The song of that number; nil if there is none.
  func track(_ id: TrackID) -> Track? { row(id).map { tracks[$0] } }
  /// The song of that number.
  ///
  /// - Throws: `Problem` if there is none.
  func song(_ id: TrackID) throws -> Track {
    guard let track = track(id) else { throw Problem.missing("song \(id.rawValue)") }
    return track
  }
  /// The album of that identifier.
  func album(_ id: String) -> Album? { albumRows[id].map { albums[$0] } }
  /// The artist of that identifier.
  func artist(_ id: String) -> Artist? { artistRows[id].map { artists[$0] } }
  /// The artist of that name, whatever its spelling.
  func artist(named name: String) -> Artist? { artist(Self.artistID(name)) }
  /// The genre of that name, whatever its spelling.
  func genre(named name: String) -> Genre? { genreRows[NameKey.key(of: name)].map { genres[$0] } }

  static func artistID(_ name: String) -> String { "ar-" + ShortDigest.text(of: NameKey.key(of: name)) }

  private mutating func findAlbums() {
    var rows: [String: [Int]] = [:]
    for (row, track) in tracks.enumerated() { if let key = track.albumKey { rows[key, default: []].append(row) } }
    let found = rows.map { key, rows in
      (id: "al-" + ShortDigest.text(of: key), rows: rows.sorted { Self.isBefore(tracks[$0], tracks[$1]) })
    }
    albums = Self.byName(found.map { album($0.id, $0.rows) }) { ($0.name, $0.id) }
    for (index, album) in albums.enumerated() {
      albumRows[album.id] = index
      for row in album.tracks { albumOfTrack[row] = index }
    }
    albumWords = WordTable(albums.lazy.map { $0.name + " " + ($0.artist ?? "") })
  }

  private func album(_ id: String, _ rows: [Int]) -> Album {
    let songs = rows.map { tracks[$0] }
    let first = songs[0]
    let artists = Set(songs.map { $0.tags.artists.first.map(NameKey.key) })
    let artist = first.tags.albumArtists.first ?? (artists.count == 1 ? first.tags.artists.first : nil)
    let name = first.tags.album ?? ""
    var genres: [String] = []
    for genre in songs.lazy.flatMap(\.tags.genres) where !genres.contains(genre) { genres.append(genre) }
    return Album(
      id: id, name: name, artist: artist, tracks: rows,
      year: songs.lazy.compactMap { $0.tags.earliestYear }.first, genres: genres,
      duration: songs.reduce(0) { $0 + ($1.duration ?? 0) },
      modified: songs.map { Double($0.modificationTime) / 1e9 }.max() ?? 0)
  }

  private mutating func findArtists() {
    var found: [Artist] = []
    // By keys, and by spellings: most names come often, and a key takes long to make.
    var (places, spellings): ([String: Int], [String: Int]) = ([:], [:])
    func place(_ name: String) -> Int {
      if let known = spellings[name] { return known }
      let key = NameKey.key(of: name)
      let place = places[key] ?? found.count
      if place == found.count { found.append(Artist(id: Self.artistID(name), name: name)) }
      (places[key], spellings[name]) = (place, place)
      return place
    }
    for (row, track) in tracks.enumerated() {
      artistsOfTrack.append(track.tags.artists.map(place))
      for place in artistsOfTrack[row] {
        if found[place].tracks.last != row { found[place].tracks.append(row) }
        if let album = albumOfTrack[row], found[place].albums.last != album { found[place].albums.append(album) }
      }
    }
    for (index, album) in albums.enumerated() {
      if let name = album.artist { found[place(name)].albums.append(index) }
    }
    for place in found.indices {
      // The newest last; rows of albums are in the order of their names.
      found[place].albums = Set(found[place].albums).sorted {
        (albums[$0].year ?? .max, $0) < (albums[$1].year ?? .max, $1)
      }
    }
    artists = Self.byName(found) { ($0.name, $0.id) }
    artistRows = Dictionary(uniqueKeysWithValues: artists.enumerated().map { ($1.id, $0) })
    let rows = found.map { artistRows[$0.id] ?? 0 }
    artistsOfTrack = artistsOfTrack.map { $0.map { rows[$0] } }
    for index in albums.indices { albums[index].artistRow = albums[index].artist.map { rows[place($0)] } }
    artistWords = WordTable(artists.lazy.map(\.name))
  }

  private mutating func findGenres() {
    var found: [Genre] = []
    var places: [String: Int] = [:]
    for (row, track) in tracks.enumerated() {
      for name in track.tags.genres {
        let key = NameKey.key(of: name)
        let place = places[key] ?? found.count
        if place == found.count { found.append(Genre(name: name)) }
        places[key] = place
        if found[place].tracks.last != row { found[place].tracks.append(row) }
      }
    }
    for place in found.indices {
      found[place].albumCount = Set(found[place].tracks.compactMap { albumOfTrack[$0] }).count
    }
    genres = Self.byName(found) { ($0.name, "") }
    for (index, genre) in genres.enumerated() { genreRows[NameKey.key(of: genre.name)] = index }
    genreWords = WordTable(genres.lazy.map(\.name))
  }

  // MARK: - Orders

  private mutating func orderAlbums() {
    func ordered<Value: Comparable>(_ value: (Album) -> Value) -> [Int] {
      let values = albums.map(value)
      return albums.indices.sorted { values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1 }
    }
    albumOrders = [
      .name: Array(albums.indices), .artist: ordered { $0.artistRow ?? .max }, .year: ordered { $0.year ?? .max },
      .newest: ordered { -$0.modified },
    ]
  }

  /// The rows of all albums, or of those of a genre, in an order.
  func albumRows(by order: AlbumOrder, genre: String? = nil) -> [Int] {
    let rows = albumOrders[order] ?? []
    guard let genre else { return rows }
    let wanted = Set((self.genre(named: genre)?.tracks ?? []).compactMap { albumOfTrack[$0] })
    return rows.filter(wanted.contains)
  }

  private static func byName<Element>(
    _ elements: [Element], _ name: (Element) -> (name: String, id: String)
  ) -> [Element] {
    let names = elements.map(name)
    let orders = names.map { NameOrder($0.name) }
    return elements.indices.sorted { one, other in
      orders[one] != orders[other] ? orders[one] < orders[other] : names[one] < names[other]
    }.map { elements[$0] }
  }

  /// The order of songs on an album.
  static func isBefore(_ one: Track, _ other: Track) -> Bool {
    let places = [one, other].map { ($0.tags.disc ?? 1, $0.tags.track ?? .max, $0.path) }
    return places[0] < places[1]
  }
}

/// In which order albums are listed.
enum AlbumOrder: String, CaseIterable {
  case name, artist, year, newest
}
