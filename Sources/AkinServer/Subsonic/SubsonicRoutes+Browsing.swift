import Catalogue
import Foundation
import MusicLibrary
import Tags

extension SubsonicRoutes {
  /// What the library holds, by tags and as folders: artists, their albums, their songs.
  static let browsingAnswers: [String: Answering] = [
    "getMusicFolders": { _, _, _ in
      let folder = SubsonicObject(["id": 1, "name": "Music"])
      return SubsonicObject(["musicFolders": .object(SubsonicObject(["musicFolder": .list([folder])]))])
    },
    "getArtists": { routes, call, snapshot in
      try call.checkMusicFolder()
      let items = try routes.items(call, snapshot)
      return SubsonicObject([
        "artists": .object(SubsonicObject(["ignoredArticles": "", "index": index(items)]))
      ])
    },
    "getIndexes": { routes, call, snapshot in
      try call.checkMusicFolder()
      let items = try routes.items(call, snapshot)
      let modified = Int((snapshot.collection.albums.map(\.modified).max() ?? 0) * 1000)
      let since = try call.integer("ifModifiedSince", in: 0...Int.max, otherwise: -1)
      var indexes = SubsonicObject(["ignoredArticles": "", "lastModified": .integer(modified)])
      if since < 0 || modified > since {
        indexes["index"] = index(items)
        indexes["child"] = items.songs(
          snapshot.collection.tracks.indices.filter { row in
            snapshot.collection.albumOfTrack[row] == nil && snapshot.collection.tracks[row].tags.artists.isEmpty
          })
      }
      return SubsonicObject(["indexes": .object(indexes)])
    },
    "getMusicDirectory": { routes, call, snapshot in
      SubsonicObject(["directory": .object(try directory(call.required("id"), routes.items(call, snapshot)))])
    },
    "getArtist": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let artist = try items.artist(call.required("id"))
      var object = items.artist(artist)
      object["album"] = .list(artist.albums.map { items.album(items.collection.albums[$0]) })
      return SubsonicObject(["artist": .object(object)])
    },
    "getAlbum": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let album = try items.album(call.required("id"))
      var object = items.album(album)
      object["song"] = items.songs(album.tracks)
      return SubsonicObject(["album": .object(object)])
    },
    "getSong": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      return SubsonicObject(["song": .object(items.song(try items.song(call.required("id"))))])
    },
    "getGenres": { _, _, snapshot in
      let genres = snapshot.collection.genres.map { genre in
        SubsonicObject([
          "value": .content(genre.name), "songCount": .integer(genre.tracks.count),
          "albumCount": .integer(genre.albumCount),
        ])
      }
      return SubsonicObject(["genres": .object(SubsonicObject(["genre": .list(genres)]))])
    },
    "getAlbumInfo": albumInfo, "getAlbumInfo2": albumInfo, "getLyricsBySongId": lyrics, "getLyrics": plainLyrics,
  ]

  /// The songs, albums and artists of a moment, as a user sees them.
  func items(_ call: SubsonicCall, _ snapshot: ServedLibrary.Snapshot) throws -> SubsonicItems {
    try SubsonicItems(call, snapshot, library)
  }

  private static func index(_ items: SubsonicItems) -> SubsonicValue {
    .list(
      items.artistsByLetter.map { group in
        SubsonicObject(["name": .text(group.letter), "artist": .list(group.artists.map(items.artist))])
      })
  }

  private static func directory(_ id: String, _ items: SubsonicItems) throws -> SubsonicObject {
    let collection = items.collection
    switch SubsonicID(id) {
    case .album?:
      let album = try items.album(id)
      return SubsonicObject([
        "id": .text(id), "parent": album.artistRow.map { .text(collection.artists[$0].id) }, "name": .text(album.name),
        "starred": items.marks.starredGroups[id].map { .time($0) }, "child": items.songs(album.tracks),
      ])
    case .artist?:
      let artist = try items.artist(id)
      let albums = artist.albums.map { items.folder(collection.albums[$0]) }
      let loose = artist.tracks.filter { collection.albumOfTrack[$0] == nil }.map { items.song(collection.tracks[$0]) }
      return SubsonicObject([
        "id": .text(id), "parent": .text(SubsonicID.musicFolder), "name": .text(artist.name),
        "starred": items.marks.starredGroups[id].map { .time($0) }, "child": .list(albums + loose),
      ])
    case .song?, .playlist?, nil:
      guard id == SubsonicID.musicFolder else { throw SubsonicError.missing("folder \(id)") }
      let artists = collection.artists.map { artist in
        SubsonicObject(["id": .text(artist.id), "parent": .text(id), "isDir": true, "title": .text(artist.name)])
      }
      return SubsonicObject(["id": .text(id), "name": "Music", "child": .list(artists)])
    }
  }

  private static let albumInfo: Answering = { routes, call, snapshot in
    let items = try routes.items(call, snapshot)
    let rows = try items.rows(call.required("id"))
    let release = rows.lazy.compactMap { items.collection.tracks[$0].tags.musicBrainz.release }.first
    return SubsonicObject([
      "albumInfo": .object(SubsonicObject(["musicBrainzId": release.map { .element($0) }]))
    ])
  }

  // MARK: - Lyrics

  private static let lyrics: Answering = { routes, call, snapshot in
    let track = try routes.items(call, snapshot).song(call.required("id"))
    let lyrics = try Lyrics(of: track, in: routes.library.catalogue)
    let list = lyrics.map { lyrics in
      SubsonicObject([
        "lang": "xxx", "synced": .flag(lyrics.isSynced), "displayArtist": track.tags.artist.map { .text($0) },
        "displayTitle": track.tags.title.map { .text($0) },
        "line": .list(
          lyrics.lines.map { SubsonicObject(["start": $0.start.map { .integer($0) }, "value": .content($0.text)]) }),
      ])
    }
    return SubsonicObject([
      "lyricsList": .object(SubsonicObject(["structuredLyrics": .list(list.map { [$0] } ?? [])]))
    ])
  }

  /// Those of the first song that has this title and this artist.
  private static let plainLyrics: Answering = { routes, call, snapshot in
    let (artist, title) = (try call.parameters.text("artist"), try call.parameters.text("title"))
    let track = snapshot.collection.tracks.first { track in
      guard let title, let own = track.tags.title, NameKey.key(of: own) == NameKey.key(of: title) else { return false }
      return artist.map { artist in track.tags.artists.contains { NameKey.key(of: $0) == NameKey.key(of: artist) } }
        ?? true
    }
    let lyrics = try track.flatMap { try Lyrics(of: $0, in: routes.library.catalogue) }
    return SubsonicObject([
      "lyrics": .object(
        SubsonicObject([
          "artist": lyrics.flatMap { _ in track?.tags.artist }.map { .text($0) },
          "title": lyrics.flatMap { _ in track?.tags.title }.map { .text($0) },
          "value": .content(lyrics?.lines.map(\.text).joined(separator: "\n") ?? ""),
        ]))
    ])
  }
}
