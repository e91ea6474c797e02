import Catalogue
import Hummingbird
import MusicLibrary

/// What the library holds: songs, albums, artists, genres, and the search for them.
struct BrowsingRoutes {
  let library: ServedLibrary

  func add(to api: RouterGroup<ServerContext>) {
    let library = library
    api.get("search") { request, _ in
      let parameters = try RequestParameters(request, known: ["q", "count"])
      let (text, count) = (try parameters.required("q"), try parameters.integer("count", in: 1...500, otherwise: 20))
      return try await library.answer { try Found(text, count, $0, library.catalogue) }
    }
    api.get("songs") { request, _ in
      let parameters = try RequestParameters(request, known: Page.parameters.union(["genre"]))
      let (page, genre) = (try Page(parameters), try parameters.text("genre"))
      return try await library.answer { snapshot in
        let collection = snapshot.collection
        let rows = genre.map { collection.genre(named: $0)?.tracks ?? [] } ?? Array(collection.tracks.indices)
        return page.of(rows) { SongJSON(collection.tracks[$0], in: collection) }
      }
    }
    api.get("songs/:id") { request, context in
      _ = try RequestParameters(request, known: [])
      let id = try Self.songID(context)
      return try await library.answer { snapshot in
        let track = try snapshot.collection.song(id)
        return Song(song: SongJSON(track, in: snapshot.collection), measures: try library.catalogue.measures(of: id))
      }
    }
    addAlbums(to: api)
    addArtists(to: api)
    api.get("genres") { request, _ in
      let page = try Page(RequestParameters(request, known: Page.parameters))
      return try await library.answer { page.of($0.collection.genres, GenreJSON.init) }
    }
  }

  private func addAlbums(to api: RouterGroup<ServerContext>) {
    let library = library
    api.get("albums") { request, _ in
      let parameters = try RequestParameters(request, known: Page.parameters.union(["order", "genre"]))
      let (page, order) = (try Page(parameters), try parameters.choice("order", otherwise: AlbumOrder.name))
      let genre = try parameters.text("genre")
      return try await library.answer { snapshot in
        let collection = snapshot.collection
        return page.of(collection.albumRows(by: order, genre: genre)) {
          AlbumJSON(collection.albums[$0], in: collection)
        }
      }
    }
    api.get("albums/:id") { request, context in
      _ = try RequestParameters(request, known: [])
      let id = try context.parameters.require("id")
      return try await library.answer { snapshot in
        guard let album = snapshot.collection.album(id) else { throw Problem.missing("album \(id)") }
        return Album(
          album: AlbumJSON(album, in: snapshot.collection),
          songs: album.tracks.map { SongJSON(snapshot.collection.tracks[$0], in: snapshot.collection) })
      }
    }
  }

  private func addArtists(to api: RouterGroup<ServerContext>) {
    let library = library
    api.get("artists") { request, _ in
      let page = try Page(RequestParameters(request, known: Page.parameters))
      return try await library.answer { snapshot in
        page.of(snapshot.collection.artists) { ArtistJSON($0, in: snapshot.collection) }
      }
    }
    api.get("artists/:id") { request, context in
      _ = try RequestParameters(request, known: [])
      let id = try context.parameters.require("id")
      return try await library.answer { snapshot in
        let collection = snapshot.collection
        guard let artist = collection.artist(id) else { throw Problem.missing("artist \(id)") }
        return Artist(
          artist: ArtistJSON(artist, in: collection),
          albums: artist.albums.map { AlbumJSON(collection.albums[$0], in: collection) },
          songs: artist.tracks.map { SongJSON(collection.tracks[$0], in: collection) })
      }
    }
  }

  /// The number of the song that a path names.
  static func songID(_ context: some RequestContext) throws -> TrackID {
    let text = try context.parameters.require("id")
    guard let id = Int64(text) else { throw Problem.parameter("id", "“\(text)” is no number of a song") }
    return TrackID(rawValue: id)
  }

  private struct Song: Encodable {
    let song: SongJSON
    let tempo, loudness, brightness: Double?

    init(song: SongJSON, measures: TrackMeasures?) {
      self.song = song
      tempo = measures?.tempo
      loudness = measures?.loudness
      brightness = measures?.brightness
    }
  }

  private struct Album: Encodable {
    let album: AlbumJSON
    let songs: [SongJSON]
  }

  private struct Artist: Encodable {
    let artist: ArtistJSON
    let albums: [AlbumJSON]
    let songs: [SongJSON]
  }

  /// What a text finds: of each kind at most so many.
  private struct Found: Encodable {
    let songs: [SongJSON]
    let albums: [AlbumJSON]
    let artists: [ArtistJSON]
    let genres: [GenreJSON]
    /// What may have been meant, if nothing is found.
    let near: [String]

    init(_ text: String, _ count: Int, _ snapshot: ServedLibrary.Snapshot, _ catalogue: Catalogue) throws {
      let collection = snapshot.collection
      let search = TextSearch(text)
      songs = try catalogue.search(text, limit: count).map { SongJSON($0, in: collection) }
      albums = search.rows(in: collection.albumWords).prefix(count).map {
        AlbumJSON(collection.albums[$0], in: collection)
      }
      artists = search.rows(in: collection.artistWords).prefix(count).map {
        ArtistJSON(collection.artists[$0], in: collection)
      }
      genres = search.rows(in: collection.genreWords).prefix(count).map { GenreJSON(collection.genres[$0]) }
      let isEmpty = songs.isEmpty && albums.isEmpty && artists.isEmpty && genres.isEmpty
      // Fewer letters are no name yet.
      near = isEmpty && text.count > 3 ? try catalogue.names(near: text) : []
    }
  }
}

/// A part of a list.
struct Page {
  static let parameters: Set<String> = ["offset", "count"]
  private let offset, count: Int

  init(_ parameters: RequestParameters) throws {
    offset = try parameters.integer("offset", in: 0...1_000_000_000, otherwise: 0)
    count = try parameters.integer("count", in: 1...1000, otherwise: 100)
  }

  struct Answer<Item: Encodable>: Encodable {
    /// How many there are in all.
    let total: Int
    let items: [Item]
  }

  func of<Element, Item: Encodable>(_ all: [Element], _ item: (Element) -> Item) -> Answer<Item> {
    Answer(total: all.count, items: all.dropFirst(offset).prefix(count).map(item))
  }
}
