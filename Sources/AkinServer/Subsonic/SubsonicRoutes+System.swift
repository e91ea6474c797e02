import Foundation
import Hummingbird

extension SubsonicRoutes {
  /// What is asked about the server and its users.
  static let systemAnswers: [String: Answering] = [
    "ping": { _, _, _ in SubsonicObject() },
    "getLicense": { _, _, _ in SubsonicObject(["license": .object(SubsonicObject(["valid": true]))]) },
    "tokenInfo": { _, call, _ in
      guard call.hasKey else { throw SubsonicError(.mechanismNotSupported, "tokenInfo tells whose an apiKey is") }
      return SubsonicObject(["tokenInfo": .object(SubsonicObject(["username": .text(call.user)]))])
    },
    "getUser": { _, call, _ in
      let name = try call.required("username")
      guard name == call.user else { throw SubsonicError(.notAuthorised, "users can ask about themselves only") }
      return SubsonicObject(["user": .object(user(name))])
    },
    "getUsers": { _, call, _ in
      SubsonicObject(["users": .object(SubsonicObject(["user": .list([user(call.user)])]))])
    },
    "getScanStatus": { routes, _, snapshot in scanStatus(routes, snapshot) },
    "startScan": { routes, _, snapshot in
      // Of one that is running, the state is the answer.
      if routes.indexing.now.phase != .running { try routes.indexing.start() }
      return scanStatus(routes, snapshot)
    },
  ]

  private static func scanStatus(_ routes: SubsonicRoutes, _ snapshot: ServedLibrary.Snapshot) -> SubsonicObject {
    SubsonicObject([
      "scanStatus": .object(
        SubsonicObject([
          "scanning": .flag(routes.indexing.now.phase == .running),
          "count": .integer(snapshot.collection.tracks.count),
        ]))
    ])
  }

  /// What a user may do: all that there is. Users are changed on the server, with `akin user`.
  private static func user(_ name: String) -> SubsonicObject {
    SubsonicObject([
      "username": .text(name), "scrobblingEnabled": true, "adminRole": false, "settingsRole": false,
      "downloadRole": true, "uploadRole": false, "playlistRole": true, "coverArtRole": false, "commentRole": true,
      "podcastRole": false, "streamRole": true, "jukeboxRole": false, "shareRole": false,
      "videoConversionRole": false, "folder": .integers([1]),
    ])
  }

  /// What Akin has none of.
  static let emptyAnswers: [String: Answering] = [
    "getPodcasts": { _, _, _ in empty("podcasts", "channel") },
    "getNewestPodcasts": { _, _, _ in empty("newestPodcasts", "episode") },
    "getInternetRadioStations": { _, _, _ in empty("internetRadioStations", "internetRadioStation") },
    "getShares": { _, _, _ in empty("shares", "share") },
    "getChatMessages": { _, _, _ in empty("chatMessages", "chatMessage") },
    "getVideos": { _, _, _ in empty("videos", "video") },
  ]

  private static func empty(_ name: String, _ list: String) -> SubsonicObject {
    var object = SubsonicObject()
    object[name] = .object(SubsonicObject([list: .list([])]))
    return object
  }
}
