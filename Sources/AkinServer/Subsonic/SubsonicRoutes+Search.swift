import Catalogue
import Foundation
import MusicLibrary

extension SubsonicRoutes {
  /// What words find. No words find everything, page by page: players copy a library so.
  static let searchAnswers: [String: Answering] = [
    "search2": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      return SubsonicObject(["searchResult2": .object(try found(routes, call, items, album: items.folder))])
    },
    "search3": { routes, call, snapshot in
      let items = try routes.items(call, snapshot)
      return SubsonicObject(["searchResult3": .object(try found(routes, call, items) { items.album($0) })])
    },
  ]

  private static func found(
    _ routes: SubsonicRoutes, _ call: SubsonicCall, _ items: SubsonicItems, album: (Collection.Album) -> SubsonicObject
  ) throws -> SubsonicObject {
    try call.checkMusicFolder()
    let query = try call.required("query").trimmingCharacters(in: .whitespaces)
    let (collection, search) = (items.collection, TextSearch(query))
    // Some players send two quotes for nothing.
    let isAll = query.isEmpty || query == "\"\""
    func rows(_ name: String, of all: Range<Int>, in words: WordTable) throws -> [Int] {
      let page = try call.page(name + "Count", name + "Offset", otherwise: 20)
      return isAll ? Array(page.of(all)) : Array(page.of(search.rows(in: words)))
    }
    let artists = try rows("artist", of: collection.artists.indices, in: collection.artistWords)
    let albums = try rows("album", of: collection.albums.indices, in: collection.albumWords)
    let page = try call.page("songCount", "songOffset", otherwise: 20)
    let songs =
      isAll
      ? Array(page.of(collection.tracks))
      : Array(page.of(try routes.library.catalogue.search(query, limit: page.offset + page.count)))
    return SubsonicObject([
      "artist": .list(artists.map { items.artist(collection.artists[$0]) }),
      "album": .list(albums.map { album(collection.albums[$0]) }),
      "song": .list(songs.map { items.song($0) }),
    ])
  }
}
