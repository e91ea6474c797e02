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
    let words: String
  }

  /// An artist of songs or of albums.
  struct Artist: Sendable {
    let id: String
    let name: String
    /// Rows of ``Collection/albums``: those that it made, or that have songs of it.
    var albums: [Int] = []
    /// Rows of ``Collection/tracks``.
    var tracks: [Int] = []
    let words: String
  }

  /// A genre.
  struct Genre: Sendable {
    let name: String
    var tracks: [Int] = []
    var albumCount = 0
    let words: String
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

  init(_ tracks: [Track]) {
    self.tracks = tracks
    trackRows = Dictionary(uniqueKeysWithValues: tracks.enumerated().map { ($1.id, $0) })
    albumOfTrack = Array(repeating: nil, count: tracks.count)
    findAlbums()
    findArtists()
    findGenres()
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
    albums = found.map { album($0.id, $0.rows) }.sorted { Self.isBefore($0.name, $0.id, $1.name, $1.id) }
    for (index, album) in albums.enumerated() {
      albumRows[album.id] = index
      for row in album.tracks { albumOfTrack[row] = index }
    }
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
      modified: songs.map { Double($0.modificationTime) / 1e9 }.max() ?? 0,
      words: SearchText.fold(name + " " + (artist ?? "")))
  }

  private mutating func findArtists() {
    var found: [String: Artist] = [:]
    func key(_ name: String) -> String { NameKey.key(of: name) }
    func add(_ name: String) -> String {
      let key = key(name)
      if found[key] == nil { found[key] = Artist(id: Self.artistID(name), name: name, words: SearchText.fold(name)) }
      return key
    }
    for (row, track) in tracks.enumerated() {
      for name in track.tags.artists {
        let key = add(name)
        if found[key]?.tracks.last != row { found[key]?.tracks.append(row) }
        if let album = albumOfTrack[row], found[key]?.albums.last != album { found[key]?.albums.append(album) }
      }
    }
    for (index, album) in albums.enumerated() {
      guard let name = album.artist else { continue }
      let key = add(name)
      found[key]?.albums.append(index)
    }
    for (key, artist) in found {
      // The newest last; rows of albums are in the order of their names.
      found[key]?.albums = Set(artist.albums).sorted { (albums[$0].year ?? .max, $0) < (albums[$1].year ?? .max, $1) }
    }
    artists = found.values.sorted { Self.isBefore($0.name, $0.id, $1.name, $1.id) }
    for (index, artist) in artists.enumerated() { artistRows[artist.id] = index }
    for index in albums.indices {
      albums[index].artistRow = albums[index].artist.flatMap { artistRows[Self.artistID($0)] }
    }
  }

  private mutating func findGenres() {
    var found: [String: Genre] = [:]
    for (row, track) in tracks.enumerated() {
      for name in track.tags.genres {
        found[NameKey.key(of: name), default: Genre(name: name, words: SearchText.fold(name))].tracks.append(row)
      }
    }
    for (key, genre) in found { found[key]?.albumCount = Set(genre.tracks.compactMap { albumOfTrack[$0] }).count }
    genres = found.values.sorted { Self.isBefore($0.name, "", $1.name, "") }
    for (index, genre) in genres.enumerated() { genreRows[NameKey.key(of: genre.name)] = index }
  }

  /// The order of songs on an album.
  static func isBefore(_ one: Track, _ other: Track) -> Bool {
    let places = [one, other].map { ($0.tags.disc ?? 1, $0.tags.track ?? .max, $0.path) }
    return places[0] < places[1]
  }

  private static func isBefore(_ one: String, _ oneID: String, _ other: String, _ otherID: String) -> Bool {
    let order = one.localizedStandardCompare(other)
    return order == .orderedSame ? oneID < otherID : order == .orderedAscending
  }
}
