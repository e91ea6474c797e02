import Hummingbird
import MusicLibrary
import SongModels

/// What the library holds, how good its answers are, and what is there twice.
struct StatusRoutes {
  let library: ServedLibrary

  func add(to api: RouterGroup<ServerContext>) {
    let library = library
    api.get("status") { request, _ in
      _ = try RequestParameters(request, known: [])
      return try await library.answer { Status(status: try LibraryStatus(of: library.catalogue), snapshot: $0) }
    }
    api.get("duplicates") { request, _ in
      let page = try Page(RequestParameters(request, known: Page.parameters))
      return try await library.answer { snapshot in
        page.of(try DuplicateFinder(catalogue: library.catalogue).duplicates()) { duplicate in
          Duplicates(songs: duplicate.songs.map { Copy($0, snapshot.collection) })
        }
      }
    }
  }

  private struct Status: Encodable {
    let version: Int
    /// Why another model answers than the library's own.
    let note: String?
    let model: String?
    let artists, albums, genres: Int
    let library: LibraryStatus

    init(status: LibraryStatus, snapshot: ServedLibrary.Snapshot) {
      library = status
      version = snapshot.version
      note = snapshot.modelNote
      model = snapshot.recommender?.model.name
      artists = snapshot.collection.artists.count
      albums = snapshot.collection.albums.count
      genres = snapshot.collection.genres.count
    }
  }

  private struct Duplicates: Encodable {
    let songs: [Copy]
  }

  private struct Copy: Encodable {
    let song: SongJSON
    let bytes: Int64
    let bitRate: Int?
    let codec: String?
    let sampleRate: Int?
    let channels: Int?

    init(_ copy: Duplicate.Song, _ collection: Collection) {
      song = SongJSON(copy.track, in: collection)
      bytes = copy.bytes
      bitRate = copy.bitRate
      codec = copy.codec
      sampleRate = copy.sampleRate
      channels = copy.channelCount
    }
  }
}
