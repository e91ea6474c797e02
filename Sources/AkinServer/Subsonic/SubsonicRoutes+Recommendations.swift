import Catalogue
import Foundation
import MusicLibrary
import SongModels

extension SubsonicRoutes {
  /// What Akin is for: songs and artists that sound alike.
  static let recommendationAnswers: [String: Answering] = [
    "getSimilarSongs": { routes, call, snapshot in
      let songs = try similar(routes, call, snapshot).map(\.track.id)
      return SubsonicObject([
        "similarSongs": .object(SubsonicObject(["song": try routes.items(call, snapshot).songs(songs)]))
      ])
    },
    "getSimilarSongs2": { routes, call, snapshot in
      let songs = try similar(routes, call, snapshot).map(\.track.id)
      return SubsonicObject([
        "similarSongs2": .object(SubsonicObject(["song": try routes.items(call, snapshot).songs(songs)]))
      ])
    },
    "getArtistInfo": { routes, call, snapshot in
      // The first form calls them by the schema of folders, which is the same but for what is left out.
      SubsonicObject(["artistInfo": .object(try artistInfo(routes, call, snapshot))])
    },
    "getArtistInfo2": { routes, call, snapshot in
      SubsonicObject(["artistInfo2": .object(try artistInfo(routes, call, snapshot))])
    },
    "getSonicSimilarTracks": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let recommender = try snapshot.asked(in: routes.library.catalogue)
      let count = try call.integer("count", in: 0...1000, otherwise: 10)
      let seed = try seed(of: items.song(call.required("id")), recommender)
      guard count > 0 else { return matches([], items) }
      let request = PlaylistRequest(length: .songs(count))
      return matches(try recommender.playlist(request, like: [seed], unlike: []).songs, items)
    },
    "findSonicPath": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let recommender = try snapshot.asked(in: routes.library.catalogue)
      let start = try items.song(call.required("startSongId"))
      let end = try items.song(call.required("endSongId"))
      let count = try call.integer("count", in: 1...1000, otherwise: 25)
      let seeds = try [start, end].map { try seed(of: $0, recommender) }
      if start.id == end.id { return matches([Recommendation(track: start, similarity: 1)], items) }
      guard count > 1 else { throw Problem.parameter("count", "a path between two songs has at least 2") }
      let request = PlaylistRequest(length: .songs(count))
      return matches(try recommender.playlist(request, like: [], unlike: [], stations: seeds).songs, items)
    },
  ]

  private static func seed(of track: Track, _ recommender: Recommender) throws -> Seed {
    guard let seed = try recommender.seed(track: track.id) else {
      throw LibraryError.unheardSong(track.displayName, model: recommender.model.name)
    }
    return seed
  }

  /// Songs that sound like a song, an album or an artist.
  private static func similar(
    _ routes: SubsonicRoutes, _ call: SubsonicCall, _ snapshot: ServedLibrary.Snapshot
  ) throws -> [Recommendation] {
    let count = try call.integer("count", in: 0...500, otherwise: 50)
    let id = try call.required("id")
    let what: SeedBody.What =
      switch SubsonicID(id) {
      case .song(let song)?: .song(song)
      case .album?: .album(id)
      case .artist?: .artist(id)
      case .playlist?, nil: throw SubsonicError.missing("song, album or artist \(id)")
      }
    let recommender = try snapshot.asked(in: routes.library.catalogue)
    let seed = try SeedBody(what).seed(recommender, snapshot.collection)
    guard count > 0 else { return [] }
    return try recommender.playlist(PlaylistRequest(length: .songs(count)), like: [seed], unlike: []).songs
  }

  /// Artists that sound alike. Of life and work Akin knows nothing: it asks no service.
  private static func artistInfo(
    _ routes: SubsonicRoutes, _ call: SubsonicCall, _ snapshot: ServedLibrary.Snapshot
  ) throws -> SubsonicObject {
    let items = try routes.items(call, snapshot)
    let (id, count) = (try call.required("id"), try call.integer("count", in: 0...200, otherwise: 20))
    let rows = try items.rows(id)
    guard count > 0, let recommender = snapshot.recommender else { return SubsonicObject(["similarArtist": .list([])]) }
    let songs = Set(rows.map { items.collection.tracks[$0].id })
    let found: [Collection.Artist]
    do {
      // Nil if none of the songs is known any more.
      let seed = try recommender.seed(.artist, name: id, songs: songs)
      found =
        try seed.map { try recommender.groups(.artist, like: [$0], count: count) }?.groups
        .compactMap { items.collection.artist(named: $0.name) } ?? []
    } catch LibraryError.unheardSong {
      found = []
    }
    return SubsonicObject(["similarArtist": .list(found.map { items.artist($0) })])
  }

  /// Songs with similarities between 0 and 1: what is less alike than two songs at random is not alike at all.
  private static func matches(_ songs: [Recommendation], _ items: SubsonicItems) -> SubsonicObject {
    SubsonicObject([
      "sonicMatch": .list(
        songs.map { song in
          SubsonicObject([
            "entry": .object(items.song(song.track)),
            "similarity": .both(Double(min(1, max(0, song.similarity.isFinite ? song.similarity : 0)))),
          ])
        })
    ])
  }
}
