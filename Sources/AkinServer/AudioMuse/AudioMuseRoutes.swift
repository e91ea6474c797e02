import Catalogue
import Files
import Foundation
import Hummingbird
import MusicLibrary

/// What the plugins of AudioMuse-AI for Navidrome, Jellyfin and Lyrion ask their server for, so that they can ask Akin
/// instead. `akin sync` tells by which names their servers know the songs.
///
/// As there, parameters that are not known are ignored, numbers that are none are the standard ones, and errors are
/// `{"error": TEXT}`.
struct AudioMuseRoutes: Sendable {
  let library: ServedLibrary

  /// What one artist has at most, if a list is to have no duplicates.
  private static let mostOfAnArtist = 3
  /// How many songs stand for an artist.
  private static let representativeCount = 9

  func add(to root: RouterGroup<ServerContext>) {
    let api = root.group("api")
    api.get("health") { _, _ in
      try await library.run { _ in JSONAnswer(["status": "ok"]) }
    }
    // Which of its long tasks are running: Akin has none of these.
    api.get("active_tasks") { _, _ in JSONAnswer([String: String]()) }
    api.get("similar_tracks") { request, _ in try await answer(request) { try similarTracks($0) } }
    api.get("find_path") { request, _ in try await answer(request) { try path($0) } }
    api.get("similar_artists") { request, _ in try await answer(request) { try similarArtists($0) } }
    api.get("search_tracks") { request, _ in try await answer(request) { try search($0) } }
    api.post("alchemy") { request, _ in
      let mixture: Mixture
      do { mixture = try await request.json(Mixture.self) } catch { return Self.failure(error) }
      return try await answer(request) { try mixed(mixture, $0) }
    }
  }

  // MARK: - Asking

  /// A request, and what it is asked of.
  private struct Question {
    let parameters: RequestParameters
    let snapshot: ServedLibrary.Snapshot
    let recommender: Recommender
    let namings: [SongNaming]

    func count(_ name: String, otherwise standard: Int) -> Int {
      min(1000, max(1, parameters.list(name).first.flatMap { Int($0) } ?? standard))
    }

    func flag(_ name: String, otherwise standard: Bool) -> Bool {
      parameters.list(name).first.map { $0.lowercased() == "true" } ?? standard
    }

    /// The value of a parameter; nil if it is not there, or empty.
    func text(_ name: String) -> String? { parameters.list(name).first.flatMap { $0.isEmpty ? nil : $0 } }

    /// A song, and whose name for it that is.
    func song(_ id: String) throws -> (Track, SongNaming) {
      for naming in namings { if let track = naming.track(id) { return (track, naming) } }
      throw Problem(.notFound, "there is no song “\(id)” here; run `akin sync` with the address of its server again")
    }

    /// An artist by a server's name for it, or by its own.
    func artist(_ text: String) throws -> (Collection.Artist, SongNaming) {
      for naming in namings { if let artist = naming.artist(text) { return (artist, naming) } }
      if let artist = snapshot.collection.artist(named: text) { return (artist, namings[0]) }
      throw Problem(.notFound, "there is no artist “\(text)” here")
    }

    func seed(_ what: SeedBody.What) throws -> Seed { try SeedBody(what).seed(recommender, snapshot.collection) }

    /// Rows of songs that have names.
    func rows(_ songs: [Recommendation], _ naming: SongNaming) -> [Row] {
      songs.compactMap { song in
        naming.id(of: song.track.id).map { Row(song.track, id: $0, similarity: song.similarity) }
      }
    }
  }

  private func answer(
    _ request: Request, _ body: @escaping @Sendable (Question) throws -> any Encodable
  ) async throws -> Response {
    do {
      let parameters = try RequestParameters(request, known: nil)
      let library = library
      let text = try await library.run { snapshot in
        let question = Question(
          parameters: parameters, snapshot: snapshot, recommender: try snapshot.asked(in: library.catalogue),
          namings: try library.remembered("names of songs elsewhere", snapshot) {
            try SongNaming.all(of: snapshot.collection, in: library.catalogue)
          })
        return JSON.text(try body(question))
      }
      return Self.response(text)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      return Self.failure(error)
    }
  }

  private static func response(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  private static func failure(_ error: any Error) -> Response {
    let problem = Problem(error)
    return response(JSON.text(["error": problem.detail]), status: problem.status)
  }

  // MARK: - Answers

  /// A song. A distance is 1 less the similarity, in 0...1.
  private struct Row: Encodable {
    let item_id, title, author, album, album_artist: String
    let distance: Float?

    init(_ track: Track, id: String, similarity: Float? = nil) {
      item_id = id
      title = track.tags.title ?? track.fileName
      author = track.tags.artist ?? track.tags.albumArtist ?? ""
      album = track.tags.album ?? ""
      album_artist = track.tags.albumArtist ?? ""
      distance = similarity.map { min(1, max(0, 1 - ($0.isFinite ? $0 : 0))) }
    }
  }

  private func similarTracks(_ question: Question) throws -> [Row] {
    let (track, naming) = try asked(question)
    let diversity = Diversity(
      perArtist: question.flag("eliminate_duplicates", otherwise: true) ? Self.mostOfAnArtist : nil)
    let request = PlaylistRequest(
      length: .songs(question.count("n", otherwise: 10)), excluded: naming.unnamed, diversity: diversity)
    let answer = try question.recommender.playlist(request, like: [question.seed(.song(track.id))], unlike: [])
    return question.rows(answer.songs, naming)
  }

  /// The song that a request names: by its name at the server, or by title and artist.
  private func asked(_ question: Question) throws -> (Track, SongNaming) {
    if let id = question.text("item_id") { return try question.song(id) }
    guard let title = question.text("title"), let artist = question.text("artist") else {
      throw Problem(.badRequest, "item_id is missing, or title and artist")
    }
    let keys = (title: NameKey.key(of: title), artist: NameKey.key(of: artist))
    let found = question.snapshot.collection.tracks.first { track in
      NameKey.key(of: track.tags.title ?? track.fileName) == keys.title
        && (track.tags.artists + [track.tags.artist ?? ""]).map(NameKey.key).contains(keys.artist)
    }
    guard let found else { throw Problem(.notFound, "there is no song “\(title)” by \(artist) here") }
    return (found, question.namings[0])
  }

  private struct Path: Encodable {
    let path: [Row]
    let total_distance: Float
  }

  private func path(_ question: Question) throws -> Path {
    guard let start = question.text("start_song_id"), let end = question.text("end_song_id") else {
      throw Problem(.badRequest, "start_song_id or end_song_id is missing")
    }
    let ((first, naming), (last, _)) = (try question.song(start), try question.song(end))
    guard first.id != last.id else { throw Problem(.badRequest, "a path has two different songs at its ends") }
    let request = PlaylistRequest(
      length: .songs(max(2, question.count("max_steps", otherwise: 25))), excluded: naming.unnamed)
    let songs = try question.recommender.playlist(
      request, like: [], unlike: [], stations: [question.seed(.song(first.id)), question.seed(.song(last.id))]
    ).songs
    return Path(
      path: question.rows(songs, naming),
      total_distance: songs.compactMap { $0.pathPlace?.step }.reduce(0) { $0 + max(0, 1 - $1) })
  }

  private struct ArtistRow: Encodable {
    let artist: String
    let artist_id: String?
    let divergence: Float
    let component_matches: [Match]?
  }

  private struct Match: Encodable {
    let artist1_representative_songs, artist2_representative_songs: [Named]
  }

  private struct Named: Encodable {
    let item_id, title: String
  }

  private func similarArtists(_ question: Question) throws -> [ArtistRow] {
    guard let text = question.text("artist") ?? question.text("artist_id") else {
      throw Problem(.badRequest, "artist is missing")
    }
    let (artist, naming) = try question.artist(text)
    let collection = question.snapshot.collection
    func named(_ songs: some Sequence<TrackID>) -> [Named] {
      Array(
        songs.lazy.compactMap(collection.track)
          .compactMap { track in
            naming.id(of: track.id).map { Named(item_id: $0, title: track.tags.title ?? track.fileName) }
          }
          .prefix(Self.representativeCount))
    }
    let own = named(artist.tracks.map { collection.tracks[$0].id })
    let tellsSongs = question.flag("include_component_matches", otherwise: false)
    let count = question.count("n", otherwise: 10)
    // The server may have songs of some of them only.
    let groups = try question.recommender.groups(
      .artist, like: [question.seed(.artist(artist.id))], count: naming.unnamed.isEmpty ? count : 4 * count
    ).groups
    return groups.lazy.filter { naming.unnamed.isEmpty || naming.id(ofArtist: $0.name) != nil }.prefix(count).map {
      group in
      ArtistRow(
        artist: group.name, artist_id: naming.id(ofArtist: group.name), divergence: max(0, 1 - group.similarity),
        component_matches: tellsSongs
          ? [Match(artist1_representative_songs: own, artist2_representative_songs: named(group.songs))] : nil)
    }
  }

  private func search(_ question: Question) throws -> [Row] {
    let words = [question.text("title"), question.text("artist")].compactMap(\.self).joined(separator: " ")
    guard !words.isEmpty else { throw Problem(.badRequest, "title or artist is missing") }
    let naming = question.namings[0]
    return try library.catalogue.search(words, limit: 20).compactMap { track in
      naming.id(of: track.id).map { Row(track, id: $0) }
    }
  }

  /// Songs and artists to be like, and not to be like.
  private struct Mixture: Decodable {
    struct Item: Decodable {
      let id: String
      let op, type: String?
    }
    let items: [Item]
    let n: Int?
  }

  private struct Mixed: Encodable {
    let results: [Row]
  }

  private func mixed(_ mixture: Mixture, _ question: Question) throws -> Mixed {
    var (like, unlike, naming): ([Seed], [Seed], SongNaming?) = ([], [], nil)
    for item in mixture.items {
      let seed: Seed
      if item.type == "artist" {
        let (artist, its) = try question.artist(item.id)
        (seed, naming) = (try question.seed(.artist(artist.id)), naming ?? its)
      } else {
        let (track, its) = try question.song(item.id)
        (seed, naming) = (try question.seed(.song(track.id)), naming ?? its)
      }
      if item.op?.uppercased() == "SUBTRACT" { unlike.append(seed) } else { like.append(seed) }
    }
    guard let naming, !like.isEmpty else { throw Problem(.badRequest, "there is no song or artist to be like") }
    let request = PlaylistRequest(
      length: .songs(min(1000, max(1, mixture.n ?? 100))), excluded: naming.unnamed,
      diversity: Diversity(perArtist: Self.mostOfAnArtist))
    let answer = try question.recommender.playlist(request, like: like, unlike: unlike)
    return Mixed(results: question.rows(answer.songs, naming))
  }
}
