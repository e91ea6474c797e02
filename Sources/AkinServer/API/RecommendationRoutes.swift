import Catalogue
import Foundation
import Hummingbird
import MusicLibrary
import SongModels

/// Songs, artists and albums that sound alike, and why.
struct RecommendationRoutes {
  let library: ServedLibrary

  func add(to api: RouterGroup<ServerContext>) {
    let library = library
    api.get("songs/:id/similar") { request, context in
      let parameters = try RequestParameters(request, known: ["count", "why"])
      let (id, why) = (try BrowsingRoutes.songID(context), try parameters.flag("why"))
      let count = try parameters.integer("count", in: 1...1000, otherwise: 20)
      return try await library.answer(remembering: request.uri.string) { snapshot in
        let recommender = try snapshot.asked(in: library.catalogue)
        let seed = try SeedBody(.song(id)).seed(recommender, snapshot.collection)
        var answer = try recommender.playlist(PlaylistRequest(length: .songs(count)), like: [seed], unlike: [])
        if why { answer = try recommender.explained(answer) }
        return Playlist(answer, snapshot)
      }
    }
    api.get("songs/:id/compare/:other") { request, context in
      _ = try RequestParameters(request, known: [])
      let id = try BrowsingRoutes.songID(context)
      let text = try context.parameters.require("other")
      guard let other = Int64(text).map(TrackID.init) else {
        throw Problem.parameter("other", "“\(text)” is no number of a song")
      }
      return try await library.answer { snapshot in
        let recommender = try snapshot.asked(in: library.catalogue)
        let tracks = try [id, other].map(snapshot.collection.song)
        return Comparison(
          try recommender.explanation(of: recommender.query(of: tracks[0]), and: recommender.query(of: tracks[1])))
      }
    }
    api.post("playlist") { request, _ in
      let body = try await request.json(PlaylistBody.self)
      let now = Date().timeIntervalSince1970
      return try await library.answer { Playlist(try body.answer($0, library.catalogue, now: now), $0) }
    }
    for kind in Recommender.GroupKind.allCases { addGroups(kind, to: api) }
  }

  private func addGroups(_ kind: Recommender.GroupKind, to api: RouterGroup<ServerContext>) {
    let library = library
    api.get(RouterPath("\(kind.rawValue)s/:id/similar")) { request, context in
      let parameters = try RequestParameters(request, known: ["count"])
      let count = try parameters.integer("count", in: 1...200, otherwise: 12)
      let id = try context.parameters.require("id")
      return try await library.answer(remembering: request.uri.string) { snapshot in
        let (recommender, collection) = (try snapshot.asked(in: library.catalogue), snapshot.collection)
        let body: SeedBody.What = kind == .artist ? .artist(id) : .album(id)
        let answer = try recommender.groups(
          kind, like: [SeedBody(body).seed(recommender, collection)], count: count)
        return answer.groups.map { Group($0, kind, collection) }
      }
    }
  }

  /// An artist or an album that sounds alike.
  private struct Group: Encodable {
    let id: String?
    let name: String
    let songs: Int
    let similarity: Float
    let coverSong: Int64?

    init(_ group: GroupRecommendation, _ kind: Recommender.GroupKind, _ collection: Collection) {
      name = group.name
      songs = group.songCount
      similarity = group.similarity
      let track = group.songs.first.flatMap(collection.row)
      coverSong = track.map { collection.tracks[$0].id.rawValue }
      id =
        switch kind {
        case .artist: collection.artist(named: group.name)?.id
        case .album: track.flatMap { collection.albumOfTrack[$0] }.map { collection.albums[$0].id }
        }
    }
  }

  /// Songs that were recommended, and what filters did.
  struct Playlist: Encodable {
    struct Removed: Encodable {
      let reason: String
      let count: Int
    }
    struct Unmet: Encodable {
      let clause: String
      let near: [String]
    }
    let songs: [RecommendationJSON]
    /// In seconds.
    let duration: Double
    let removed: [Removed]
    let unmet: [Unmet]
    let left: Int

    init(_ answer: PlaylistAnswer, _ snapshot: ServedLibrary.Snapshot) {
      songs = answer.songs.map { RecommendationJSON($0, in: snapshot.collection) }
      duration = answer.seconds
      removed = answer.filtered.removed.map { Removed(reason: $0.reason, count: $0.count) }
      unmet = answer.filtered.unmet.map { Unmet(clause: "\($0.clause)", near: $0.near) }
      left = answer.filtered.left
    }
  }

  private struct Comparison: Encodable {
    let similarity: Float
    let rank, songs: Int
    let aspects: [SimilarityExplanation.Aspect]
    let summary: String?

    init(_ explanation: SimilarityExplanation) {
      similarity = explanation.similarity
      rank = explanation.rank
      songs = explanation.songCount
      aspects = explanation.aspects
      summary = explanation.summary
    }
  }
}

extension Request {
  /// The largest body in JSON that is read, in bytes.
  private static let largestBody = 1 << 20

  /// The body.
  ///
  /// - Throws: `Problem.tooLarge`: at once if its length is announced.
  func collected(upTo limit: Int) async throws -> ByteBuffer {
    if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw Problem.tooLarge }
    return try await body.collect(upTo: limit)
  }

  /// The body.
  ///
  /// - Throws: `Problem` if it is too large, not JSON, or not what is asked for.
  func json<Value: Decodable>(_ type: Value.Type) async throws -> Value {
    // A form that another site posts cannot have this type.
    let given = headers[.contentType]?.split(separator: ";").first.map(String.init) ?? ""
    guard given.lowercased() == "application/json" else {
      throw Problem(.unsupportedMediaType, "the body must be application/json")
    }
    let body = try await collected(upTo: Self.largestBody)
    return try JSONDecoder().decode(Value.self, from: Data(body.readableBytesView))
  }
}
