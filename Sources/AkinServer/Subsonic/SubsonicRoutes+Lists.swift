import Catalogue
import Foundation
import MusicLibrary
import Tags

/// The orders in which albums are listed.
private enum AlbumListType: String, CaseIterable {
  case random, newest, highest, frequent, recent, alphabeticalByName, alphabeticalByArtist, starred, byYear, byGenre
}

extension SubsonicRoutes {
  /// Albums and songs in an order.
  static let listAnswers: [String: Answering] = [
    "getAlbumList": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let albums = try albums(call, items).map { items.folder(items.collection.albums[$0]) }
      return SubsonicObject(["albumList": .object(SubsonicObject(["album": .list(albums)]))])
    },
    "getAlbumList2": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let albums = try albums(call, items).map { items.album(items.collection.albums[$0]) }
      return SubsonicObject(["albumList2": .object(SubsonicObject(["album": .list(albums)]))])
    },
    "getRandomSongs": { routes, call, snapshot in
      try call.checkMusicFolder()
      let items = try routes.items(call, snapshot)
      let count = try call.integer("size", in: 0...500, otherwise: 10)
      let years = try years(call)
      var rows = Array(try genreRows(call, items) ?? Array(items.collection.tracks.indices))
      if let years {
        rows.removeAll { row in
          let tags = items.collection.tracks[row].tags
          return !(tags.earliestYear.map(years.contains) ?? false)
        }
      }
      return SubsonicObject([
        "randomSongs": .object(SubsonicObject(["song": items.songs(rows.drawn(count))]))
      ])
    },
    "getSongsByGenre": { routes, call, snapshot in
      try call.checkMusicFolder()
      let items = try routes.items(call, snapshot)
      _ = try call.required("genre")
      let rows = try genreRows(call, items) ?? []
      return SubsonicObject([
        "songsByGenre": .object(
          SubsonicObject(["song": items.songs(try call.page("count", otherwise: 10).of(rows))]))
      ])
    },
    "getTopSongs": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let count = try call.integer("count", in: 0...500, otherwise: 50)
      let artist: Collection.Artist?
      if let id = try call.parameters.text("id") {
        artist = try items.artist(id)
      } else {
        artist = items.collection.artist(named: try call.required("artist"))
      }
      // What is played most here, then what is rated best; what was never played comes in the order of indexing.
      let rows = (artist?.tracks ?? []).map { row in
        let id = items.collection.tracks[row].id
        return (row: row, plays: items.marks.plays[id]?.count ?? 0, rating: items.marks.ratings[id] ?? 0)
      }.sorted { ($1.plays, $1.rating, $0.row) < ($0.plays, $0.rating, $1.row) }
      return SubsonicObject([
        "topSongs": .object(SubsonicObject(["song": items.songs(rows.prefix(count).map(\.row))]))
      ])
    },
    "getNowPlaying": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      let entries = routes.nowPlaying.entries.compactMap { entry -> SubsonicObject? in
        guard let track = items.collection.track(entry.song) else { return nil }
        var object = items.song(track)
        object["username"] = .text(entry.user)
        object["minutesAgo"] = .integer(entry.minutesAgo)
        object["playerId"] = .integer(entry.player)
        object["playerName"] = .text(entry.client)
        return object
      }
      return SubsonicObject(["nowPlaying": .object(SubsonicObject(["entry": .list(entries)]))])
    },
    "getStarred": { routes, call, snapshot in
      try call.checkMusicFolder()
      let items = try routes.items(call, snapshot)
      return SubsonicObject(["starred": .object(starred(items, album: items.folder))])
    },
    "getStarred2": { routes, call, snapshot in
      try call.checkMusicFolder()
      let items = try routes.items(call, snapshot)
      return SubsonicObject(["starred2": .object(starred(items) { items.album($0) })])
    },
  ]

  /// The rows of the albums that are asked for.
  private static func albums(_ call: SubsonicCall, _ items: SubsonicItems) throws -> [Int] {
    try call.checkMusicFolder()
    let (collection, text) = (items.collection, try call.required("type"))
    guard let type = AlbumListType(rawValue: text) else {
      throw Problem.parameter(
        "type", "“\(text)” is none of \(AlbumListType.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let page = try call.page("size", otherwise: 10)
    func ordered<Value: Comparable>(_ value: (Collection.Album) -> Value?) -> [Int] {
      collection.albums.indices.compactMap { row in value(collection.albums[row]).map { (row, $0) } }
        .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
    }
    let rows =
      switch type {
      // Another page is another draw.
      case .random: collection.albumRows(by: .name).drawn(page.count)
      case .newest: collection.albumRows(by: .newest)
      case .highest: ordered { rating(of: $0, items) }
      case .frequent:
        ordered {
          let plays = items.plays(of: $0); return plays.count > 0 ? plays.count : nil
        }
      case .recent:
        ordered {
          let plays = items.plays(of: $0); return plays.count > 0 ? plays.last : nil
        }
      case .alphabeticalByName: collection.albumRows(by: .name)
      case .alphabeticalByArtist: collection.albumRows(by: .artist)
      case .starred: ordered { items.marks.starredGroups[$0.id] }
      case .byYear: try byYear(call, collection)
      case .byGenre: collection.albumRows(by: .name, genre: try call.required("genre"))
      }
    return type == .random ? rows : Array(page.of(rows))
  }

  /// A user's rating of an album, or else the mean of those of its songs; nil for none.
  private static func rating(of album: Collection.Album, _ items: SubsonicItems) -> Double? {
    if let own = items.marks.groupRatings[album.id] { return Double(own) }
    let ratings = album.tracks.compactMap { items.marks.ratings[items.collection.tracks[$0].id] }
    return ratings.isEmpty ? nil : ratings.reduce(0, +) / Double(ratings.count)
  }

  private static func byYear(_ call: SubsonicCall, _ collection: Collection) throws -> [Int] {
    let first = try call.requiredInteger("fromYear", in: 0...9999)
    let last = try call.requiredInteger("toYear", in: 0...9999)
    let rows = collection.albumRows(by: .year)
      .filter { collection.albums[$0].year.map((min(first, last)...max(first, last)).contains) ?? false }
    return first <= last ? rows : rows.reversed()
  }

  private static func years(_ call: SubsonicCall) throws -> ClosedRange<Int>? {
    let first = try call.integer("fromYear", in: 0...9999, otherwise: -1)
    let last = try call.integer("toYear", in: 0...9999, otherwise: -1)
    guard first >= 0 || last >= 0 else { return nil }
    let (low, high) = (max(0, first), last < 0 ? 9999 : last)
    return min(low, high)...max(low, high)
  }

  /// The rows of the songs of the genre that is named; nil if none is, empty if the library does not have it.
  private static func genreRows(_ call: SubsonicCall, _ items: SubsonicItems) throws -> [Int]? {
    guard let name = try call.parameters.text("genre"), !name.isEmpty else { return nil }
    return items.collection.genre(named: name)?.tracks ?? []
  }

  /// What a user gave a star, the last first.
  private static func starred(
    _ items: SubsonicItems, album: (Collection.Album) -> SubsonicObject
  ) -> SubsonicObject {
    let groups = items.marks.starredGroups.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let songs = items.marks.starredSongs.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map(\.key)
    let artists = groups.compactMap { items.collection.artist($0) }
    let albums = groups.compactMap { items.collection.album($0) }
    return SubsonicObject([
      "artist": .list(artists.map { items.artist($0) }), "album": .list(albums.map(album)), "song": items.songs(songs),
    ])
  }
}

extension [Int] {
  /// Some of them at random, in a random order.
  fileprivate func drawn(_ count: Int) -> [Int] {
    var rows = self
    let drawn = Swift.min(count, rows.count)
    for place in 0..<drawn { rows.swapAt(place, .random(in: place..<rows.count)) }
    return Array(rows.prefix(drawn))
  }
}
