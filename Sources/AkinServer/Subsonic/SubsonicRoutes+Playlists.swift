import Catalogue
import Foundation

extension SubsonicRoutes {
  /// Playlists, and the queue that a user takes from one player to another.
  static let playlistAnswers: [String: Answering] = [
    "getPlaylists": { routes, call, snapshot in
      // An administrator may ask for another user's; here nobody is one.
      if let name = try call.parameters.text("username"), !name.isEmpty, name != call.user {
        throw SubsonicError(.notAuthorised, "users can ask for their own playlists only")
      }
      let lists = try routes.library.catalogue.playlists().filter { $0.isPublic || $0.isOf(call) }
      return SubsonicObject([
        "playlists": .object(
          SubsonicObject(["playlist": .list(lists.map { object($0, call, snapshot.collection) })]))
      ])
    },
    "getPlaylist": { routes, call, snapshot in
      let list = try playlist(call.required("id"), routes, call)
      return try answer(list, routes, call, snapshot)
    },
    "createPlaylist": { routes, call, snapshot in
      let catalogue = routes.library.catalogue
      let (name, id) = (try call.parameters.text("name"), try call.parameters.text("playlistId"))
      let songs = try songs(call.parameters.list("songId"), snapshot)
      let number: Int64
      if let id {
        let list = try own(id, routes, call)
        var change = Catalogue.PlaylistChange()
        (change.name, change.songs) = (try name.map(checkedName), songs)
        try catalogue.change(playlist: list.id, change, time: Date().timeIntervalSince1970)
        number = list.id
      } else {
        guard let name else { throw MissingParameter(name: "name") }
        number = try catalogue.addPlaylist(
          owner: call.owner, name: try checkedName(name), songs: songs, time: Date().timeIntervalSince1970)
      }
      return try answer(playlist("pl-\(number)", routes, call), routes, call, snapshot)
    },
    "updatePlaylist": { routes, call, snapshot in
      let list = try own(call.required("playlistId"), routes, call)
      var change = Catalogue.PlaylistChange()
      change.name = try call.parameters.text("name").map(checkedName)
      change.comment = try call.parameters.text("comment")
      if try call.parameters.text("public") != nil { change.isPublic = try call.parameters.flag("public") }
      change.added = try songs(call.parameters.list("songIdToAdd"), snapshot)
      change.removed = Set(
        try call.parameters.list("songIndexToRemove").map { text in
          guard let place = Int(text), list.songs.indices.contains(place) else {
            throw Problem.parameter("songIndexToRemove", "the playlist has no song at “\(text)”")
          }
          return place
        })
      try routes.library.catalogue.change(playlist: list.id, change, time: Date().timeIntervalSince1970)
      return SubsonicObject()
    },
    "deletePlaylist": { routes, call, _ in
      try routes.library.catalogue.removePlaylist(own(call.required("id"), routes, call).id)
      return SubsonicObject()
    },
    "getPlayQueue": { routes, call, snapshot in
      SubsonicObject(["playQueue": .object(try queue(routes, call, snapshot, byIndex: false))])
    },
    "getPlayQueueByIndex": { routes, call, snapshot in
      SubsonicObject(["playQueueByIndex": .object(try queue(routes, call, snapshot, byIndex: true))])
    },
    "savePlayQueue": { routes, call, snapshot in
      let songs = try songs(call.parameters.list("id"), snapshot)
      let current = try call.parameters.text("current").flatMap { $0.isEmpty ? nil : $0 }.map { id in
        guard case .song(let song)? = SubsonicID(id), let place = songs.firstIndex(of: song) else {
          throw Problem.parameter("current", "“\(id)” is not in the queue")
        }
        return place
      }
      try store(songs, current: current, routes, call)
      return SubsonicObject()
    },
    "savePlayQueueByIndex": { routes, call, snapshot in
      let songs = try songs(call.parameters.list("id"), snapshot)
      let place = try call.parameters.text("currentIndex")
      guard songs.isEmpty || place != nil else { throw MissingParameter(name: "currentIndex") }
      let current = songs.isEmpty ? nil : try call.requiredInteger("currentIndex", in: 0...(songs.count - 1))
      try store(songs, current: current, routes, call)
      return SubsonicObject()
    },
  ]

  // MARK: - Playlists

  /// A playlist that the caller may see.
  static func playlist(
    _ id: String, _ routes: SubsonicRoutes, _ call: SubsonicCall
  ) throws -> Catalogue.KeptPlaylist {
    guard case .playlist(let number)? = SubsonicID(id), let list = try routes.library.catalogue.playlist(number),
      list.isPublic || list.isOf(call)
    else { throw SubsonicError.missing("playlist \(id)") }
    return list
  }

  /// A playlist that the caller may change.
  private static func own(
    _ id: String, _ routes: SubsonicRoutes, _ call: SubsonicCall
  ) throws -> Catalogue.KeptPlaylist {
    let list = try playlist(id, routes, call)
    guard list.isOf(call) else { throw SubsonicError(.notAuthorised, "playlist \(id) is \(list.owner)'s") }
    return list
  }

  private static func checkedName(_ name: String) throws -> String {
    guard !name.isEmpty, name.count <= 1000 else { throw Problem.parameter("name", "has 1 to 1000 characters") }
    return name
  }

  private static func songs(_ ids: [String], _ snapshot: ServedLibrary.Snapshot) throws -> [TrackID] {
    try ids.map { id in
      guard case .song(let song)? = SubsonicID(id), snapshot.collection.row(song) != nil else {
        throw SubsonicError.missing("song \(id)")
      }
      return song
    }
  }

  private static func answer(
    _ list: Catalogue.KeptPlaylist, _ routes: SubsonicRoutes, _ call: SubsonicCall, _ snapshot: ServedLibrary.Snapshot
  ) throws -> SubsonicObject {
    var object = object(list, call, snapshot.collection)
    object["entry"] = try routes.items(call, snapshot).songs(list.songs)
    return SubsonicObject(["playlist": .object(object)])
  }

  private static func object(
    _ list: Catalogue.KeptPlaylist, _ call: SubsonicCall, _ collection: Collection
  ) -> SubsonicObject {
    let tracks = list.songs.compactMap(collection.track)
    return SubsonicObject([
      "id": .text("pl-\(list.id)"), "name": .text(list.name), "comment": .text(list.comment),
      "owner": .text(list.owner.isEmpty ? call.user : list.owner), "public": .flag(list.isPublic),
      "songCount": .integer(tracks.count),
      "duration": .integer(Int(tracks.reduce(0) { $0 + ($1.duration ?? 0) }.rounded())),
      "created": .time(list.created), "changed": .time(list.changed),
      "coverArt": tracks.isEmpty ? nil : .text("pl-\(list.id)"), "readonly": .flag(!list.isOf(call)),
    ])
  }

  // MARK: - Queue

  private static func queue(
    _ routes: SubsonicRoutes, _ call: SubsonicCall, _ snapshot: ServedLibrary.Snapshot, byIndex: Bool
  ) throws -> SubsonicObject {
    let queue = try routes.library.catalogue.playQueue(of: call.owner)
    var object = SubsonicObject([
      "username": .text(call.user), "changed": .time(queue?.changed ?? 0), "changedBy": .text(queue?.changedBy ?? ""),
    ])
    guard let queue else { return object }
    if let current = queue.current {
      if byIndex {
        object["currentIndex"] = .integer(current)
      } else {
        object["current"] = .text(SubsonicID.text(queue.songs[current]))
      }
    }
    object["position"] = .integer(queue.position)
    object["entry"] = try routes.items(call, snapshot).songs(queue.songs)
    return object
  }

  private static func store(
    _ songs: [TrackID], current: Int?, _ routes: SubsonicRoutes, _ call: SubsonicCall
  ) throws {
    let queue = Catalogue.PlayQueue(
      songs: songs, current: current, position: try call.integer("position", in: 0...Int(Int32.max), otherwise: 0),
      changed: Date().timeIntervalSince1970, changedBy: call.client)
    try routes.library.catalogue.store(songs.isEmpty ? nil : queue, of: call.owner)
  }
}

extension Catalogue.KeptPlaylist {
  /// Whether the caller may change it.
  fileprivate func isOf(_ call: SubsonicCall) -> Bool { owner == call.owner }
}
