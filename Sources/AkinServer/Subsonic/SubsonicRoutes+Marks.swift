import Catalogue
import Foundation

extension SubsonicRoutes {
  /// What a listener does with songs: stars, ratings, plays, bookmarks.
  static let markAnswers: [String: Answering] = [
    "star": { routes, call, snapshot in
      let time = Date().timeIntervalSince1970
      for target in try targets(call, snapshot) {
        switch target {
        case .song(let song):
          try routes.library.catalogue.star(song, of: call.owner, source: call.client, time: time)
        case .group(let id): try routes.library.catalogue.star(group: id, of: call.owner, time: time)
        }
      }
      return SubsonicObject()
    },
    "unstar": { routes, call, snapshot in
      let time = Date().timeIntervalSince1970
      for target in try targets(call, snapshot) {
        switch target {
        case .song(let song): try routes.library.catalogue.unstar(song, of: call.owner, time: time)
        case .group(let id): try routes.library.catalogue.star(group: id, of: call.owner, time: nil)
        }
      }
      return SubsonicObject()
    },
    "setRating": { routes, call, snapshot in
      let rating = try call.requiredInteger("rating", in: 0...5)
      switch try target(call.required("id"), snapshot) {
      case .song(let song):
        try routes.library.catalogue.record(
          .rating, songs: [song], value: Double(rating), source: call.client, time: Date().timeIntervalSince1970)
      case .group(let id):
        try routes.library.catalogue.rate(group: id, rating == 0 ? nil : rating, of: call.owner)
      }
      return SubsonicObject()
    },
    "scrobble": { routes, call, snapshot in
      let ids = call.parameters.list("id")
      guard !ids.isEmpty else { throw MissingParameter(name: "id") }
      let songs = try ids.map { try song($0, snapshot) }
      // A player's clock may be a little ahead.
      let latest = Date().timeIntervalSince1970 + 86_400
      let times = try call.parameters.list("time").map { text in
        guard let time = Int64(text).map({ Double($0) / 1000 }), (0...latest).contains(time) else {
          throw Problem.parameter("time", "“\(text)” is no time in milliseconds since 1970 that has been")
        }
        return time
      }
      guard try call.parameters.flag("submission", otherwise: true) else {
        routes.nowPlaying.begin(songs[songs.count - 1], user: call.user, client: call.client)
        return SubsonicObject()
      }
      for (place, song) in songs.enumerated() {
        try routes.library.catalogue.record(
          .played, songs: [song], source: call.client,
          time: place < times.count ? times[place] : Date().timeIntervalSince1970)
      }
      return SubsonicObject()
    },
    "getBookmarks": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let bookmarks = try routes.library.catalogue.bookmarks(of: call.owner).compactMap { bookmark in
        items.collection.track(bookmark.song).map { track in
          SubsonicObject([
            "position": .integer(bookmark.position), "username": .text(call.user), "comment": .text(bookmark.comment),
            "created": .time(bookmark.created), "changed": .time(bookmark.changed), "entry": .object(items.song(track)),
          ])
        }
      }
      return SubsonicObject(["bookmarks": .object(SubsonicObject(["bookmark": .list(bookmarks)]))])
    },
    "createBookmark": { routes, call, snapshot in
      try routes.library.catalogue.storeBookmark(
        in: try song(call.required("id"), snapshot), at: try call.requiredInteger("position", in: 0...Int(Int32.max)),
        comment: try call.parameters.text("comment") ?? "", of: call.owner, time: Date().timeIntervalSince1970)
      return SubsonicObject()
    },
    "deleteBookmark": { routes, call, snapshot in
      let id = try call.required("id")
      guard try routes.library.catalogue.removeBookmark(in: try song(id, snapshot), of: call.owner) else {
        throw SubsonicError.missing("bookmark in \(id)")
      }
      return SubsonicObject()
    },
  ]

  private enum Target {
    case song(TrackID)
    /// An album or an artist.
    case group(String)
  }

  /// All that `id`, `albumId` and `artistId` name; all of it is there before anything is changed.
  private static func targets(_ call: SubsonicCall, _ snapshot: ServedLibrary.Snapshot) throws -> [Target] {
    let ids = ["id", "albumId", "artistId"].flatMap(call.parameters.list)
    guard !ids.isEmpty else { throw MissingParameter(name: "id, albumId or artistId") }
    return try ids.map { try target($0, snapshot) }
  }

  private static func target(_ id: String, _ snapshot: ServedLibrary.Snapshot) throws -> Target {
    switch SubsonicID(id) {
    case .album? where snapshot.collection.album(id) != nil, .artist? where snapshot.collection.artist(id) != nil:
      return .group(id)
    default: return .song(try song(id, snapshot))
    }
  }

  private static func song(_ id: String, _ snapshot: ServedLibrary.Snapshot) throws -> TrackID {
    guard case .song(let song)? = SubsonicID(id), snapshot.collection.row(song) != nil else {
      throw SubsonicError.missing("song \(id)")
    }
    return song
  }
}
