import Catalogue
import MusicLibrary

/// The names by which a program asks for songs and artists, and is answered: those of a server that was matched with the
/// library, or the ones that OpenSubsonic has here.
struct SongNaming: Sendable {
  private let collection: Collection
  private let names: Catalogue.OtherNames?
  private let ids: [TrackID: String]
  private let artistIDs: [String: String]
  /// The songs that have no name, and are not answered with.
  let unnamed: Set<TrackID>

  /// The names of OpenSubsonic.
  init(of collection: Collection) {
    self.collection = collection
    (names, ids, artistIDs, unnamed) = (nil, [:], [:], [])
  }

  /// The names of another server.
  init(_ names: Catalogue.OtherNames, of collection: Collection) {
    self.collection = collection
    self.names = names
    // A server may have a song twice that is here once.
    ids = Dictionary(names.songs.map { ($1, $0) }) { min($0, $1) }
    artistIDs = Dictionary(names.artists.map { (NameKey.key(of: $1), $0) }) { min($0, $1) }
    unnamed = Set(collection.tracks.lazy.map(\.id)).subtracting(names.songs.values)
  }

  /// The song of a name; nil if there is none.
  func track(_ id: String) -> Track? {
    if let names { return names.songs[id].flatMap(collection.track) }
    if case .song(let number)? = SubsonicID(id) { return collection.track(number) }
    return Int64(id).flatMap { collection.track(TrackID(rawValue: $0)) }
  }

  /// The name of a song; nil if it has none.
  func id(of track: TrackID) -> String? { names == nil ? SubsonicID.text(track) : ids[track] }

  /// The artist of a name; nil if there is none.
  func artist(_ id: String) -> Collection.Artist? {
    guard let names else { return collection.artist(id) }
    return names.artists[id].flatMap(collection.artist(named:))
  }

  /// The name of an artist; nil if it has none.
  func id(ofArtist name: String) -> String? {
    names == nil ? collection.artist(named: name)?.id : artistIDs[NameKey.key(of: name)]
  }
}

extension SongNaming {
  /// The namings of a library: of each server that was matched, the one that was matched last first, and OpenSubsonic's.
  static func all(of collection: Collection, in catalogue: Catalogue) throws -> [SongNaming] {
    try catalogue.otherServers().map { SongNaming(try catalogue.names(inOtherServer: $0.id), of: collection) }
      + [SongNaming(of: collection)]
  }
}
