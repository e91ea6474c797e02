import Catalogue
import MusicLibrary

/// What every answer says of a song. Keys of which nothing is known are left out.
struct SongJSON: Encodable {
  let id: Int64
  /// Title, or the file's name.
  let title: String
  let artist: String?
  let artists: [Named]
  let album: String?
  let albumId: String?
  let albumArtist: String?
  let genres: [String]
  let year: Int?
  let track: Int?
  let disc: Int?
  /// In seconds.
  let duration: Double?
  let path: String
  /// What its file is, such as audio/flac.
  let type: String
  /// Whether it is a part of its file.
  let isPart: Bool

  /// A name and the identifier under which it is browsed.
  struct Named: Encodable {
    let id: String
    let name: String
  }

  init(_ track: Track, in collection: Collection) {
    let tags = track.tags
    id = track.id.rawValue
    title = tags.title ?? track.fileName
    artist = tags.artist
    let row = collection.row(track.id)
    artists = zip(row.map { collection.artistsOfTrack[$0] } ?? [], tags.artists).map { row, name in
      Named(id: collection.artists[row].id, name: name)
    }
    album = tags.album
    albumId = row.flatMap { collection.albumOfTrack[$0] }.map { collection.albums[$0].id }
    albumArtist = tags.albumArtist
    genres = tags.genres
    year = tags.earliestYear
    self.track = tags.track
    disc = tags.disc
    duration = track.duration
    path = track.path
    type = MediaType.ofFile(track.source.file)
    isPart = track.source.bounds != nil
  }
}

/// A song that was recommended.
struct RecommendationJSON: Encodable {
  let song: SongJSON
  let similarity: Float
  /// On a path: how alike it is to the song before, and to the last.
  let step: Float?
  let toEnd: Float?
  let why: Recommendation.Reason?

  init(_ recommendation: Recommendation, in collection: Collection) {
    song = SongJSON(recommendation.track, in: collection)
    similarity = recommendation.similarity
    step = recommendation.pathPlace?.step
    toEnd = recommendation.pathPlace?.toEnd
    why = recommendation.reason
  }
}

/// An album, without its songs.
struct AlbumJSON: Encodable {
  let id: String
  let name: String
  let artist: String?
  let artistId: String?
  let songs: Int
  let year: Int?
  let genres: [String]
  let duration: Double
  /// A song whose cover stands for the album.
  let coverSong: Int64?

  init(_ album: Collection.Album, in collection: Collection) {
    id = album.id
    name = album.name
    artist = album.artist
    artistId = album.artistRow.map { collection.artists[$0].id }
    songs = album.tracks.count
    year = album.year
    genres = album.genres
    duration = album.duration
    coverSong = album.tracks.first.map { collection.tracks[$0].id.rawValue }
  }
}

/// An artist, without its songs.
struct ArtistJSON: Encodable {
  let id: String
  let name: String
  let albums: Int
  let songs: Int
  let coverSong: Int64?

  init(_ artist: Collection.Artist, in collection: Collection) {
    id = artist.id
    name = artist.name
    albums = artist.albums.count
    songs = artist.tracks.count
    coverSong = artist.tracks.first.map { collection.tracks[$0].id.rawValue }
  }
}

/// A genre.
struct GenreJSON: Encodable {
  let name: String
  let songs: Int
  let albums: Int

  init(_ genre: Collection.Genre) {
    name = genre.name
    songs = genre.tracks.count
    albums = genre.albumCount
  }
}

/// What files of music are, by their names.
enum MediaType {
  static func ofFile(_ path: String) -> String {
    types[ending(of: path)] ?? "application/octet-stream"
  }

  /// The ending of a file's name in small letters; empty if there is none.
  static func ending(of path: String) -> String {
    let name = path.utf8.suffix(from: path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex)
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return path[path.index(after: dot)...].lowercased()
  }

  private static let types = [
    "mp3": "audio/mpeg", "flac": "audio/flac", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg",
    "m4a": "audio/mp4", "m4b": "audio/mp4", "mp4": "audio/mp4", "aac": "audio/aac", "wav": "audio/wav",
    "aif": "audio/aiff", "aiff": "audio/aiff", "wma": "audio/x-ms-wma", "wv": "audio/x-wavpack",
    "ape": "audio/x-ape", "mka": "audio/x-matroska", "webm": "audio/webm", "dsf": "audio/x-dsf",
  ]
}
