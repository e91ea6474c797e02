internal import GRDB
import Tags

/// The table `trackName`: every artist, album and genre of every track.
enum TrackNames {
  /// Replaces a track's names.
  static func store(_ tags: AudioTags, of track: Int64, in db: Database) throws {
    try db.cachedStatement(sql: "DELETE FROM trackName WHERE track = ?").execute(arguments: [track])
    // The second spelling of a name in one track is left out.
    let insertion = try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO trackName (kind, key, track, name) VALUES (?, ?, ?, ?)")
    for kind in TrackNameKind.allCases {
      for name in tags[keyPath: kind.names] {
        try insertion.execute(arguments: [kind.rawValue, NameKey.key(of: name), track, name])
      }
    }
  }
}

/// What tracks have names of.
public enum TrackNameKind: String, Sendable, Hashable, CaseIterable {
  /// Who performs the track.
  case artist
  /// Who made its album.
  case albumArtist
  /// The album that it is on.
  case album
  /// The genre.
  case genre

  var names: any KeyPath<AudioTags, [String]> & Sendable {
    switch self {
    case .artist: \.creditedArtists
    case .albumArtist: \.creditedAlbumArtists
    case .album: \.albums
    case .genre: \.genres
    }
  }
}

extension AudioTags {
  /// As they are written, and each artist that a name credits.
  fileprivate var creditedArtists: [String] { artists + artists.flatMap(ArtistCredit.artists) }
  fileprivate var creditedAlbumArtists: [String] { albumArtists + albumArtists.flatMap(ArtistCredit.artists) }
  fileprivate var albums: [String] { album.map { [$0] } ?? [] }
}
