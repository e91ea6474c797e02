import Catalogue
import Foundation
import Hummingbird
import MusicLibrary
import Synchronization

/// What the listener does: plays, skips, likes, rates; blocks; and the queues that follow it.
struct ListeningRoutes {
  let library: ServedLibrary
  let queues: Queues

  func add(to api: RouterGroup<ServerContext>) {
    addEvents(to: api)
    addQueues(to: api)
    addBlocks(to: api)
  }

  // MARK: - Events

  private struct EventBody: Decodable {
    let kind: Event.Kind
    let song: TrackID
    let value: Double?

    /// Those about one song.
    private static let kinds = Event.Kind.allCases.filter { $0 != .oddOneOut && $0 != .together }

    init(from decoder: any Decoder) throws {
      let object = try decoder.object(known: ["kind", "song", "value"])
      let name = try object.decode(String.self, forKey: AnyKey(stringValue: "kind"))
      song = TrackID(rawValue: try object.decode(Int64.self, forKey: AnyKey(stringValue: "song")))
      guard let kind = Event.Kind(rawValue: name), Self.kinds.contains(kind) else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: [AnyKey(stringValue: "kind")],
            debugDescription: "“\(name)” is none of " + Self.kinds.map(\.rawValue).joined(separator: ", ")))
      }
      self.kind = kind
      value = try object.value("value", in: 0...5)
      if (kind == .rating) != (value != nil) {
        throw DecodingError.dataCorrupted(
          .init(codingPath: [AnyKey(stringValue: "value")], debugDescription: "a rating has a value, nothing else has"))
      }
    }
  }

  private func addEvents(to api: RouterGroup<ServerContext>) {
    let library = library
    api.post("events") { request, _ in
      let body = try await request.json(EventBody.self)
      return try await library.answer { EventJSON(id: try Self.record(body, $0, library.catalogue)) }
    }
    api.delete("events/:id") { _, context in
      let id = try context.parameters.require("id", as: Int64.self)
      try await library.run { _ in
        let time = Date().timeIntervalSince1970
        if try !library.catalogue.undo(event: id, time: time) { throw LibraryError.noSuchEvent(id) }
      }
      return HTTPResponse.Status.noContent
    }
  }

  private static func record(
    _ body: EventBody, _ snapshot: ServedLibrary.Snapshot, _ catalogue: Catalogue
  ) throws -> Int64 {
    guard snapshot.collection.row(body.song) != nil else { throw Problem.missing("song \(body.song.rawValue)") }
    return try catalogue.record(
      body.kind, songs: [body.song], value: body.value, source: "akin", time: Date().timeIntervalSince1970)
  }

  // MARK: - Queues

  private struct QueueJSON: Encodable {
    let id: String
    let songs: [RecommendationJSON]
  }

  private func addQueues(to api: RouterGroup<ServerContext>) {
    let (library, queues) = (library, queues)
    api.post("queues") { request, _ in
      let body = try await request.json(PlaylistBody.self)
      return try await library.answer { snapshot in
        guard body.path.isEmpty, body.unlike.isEmpty else {
          throw Problem(.badRequest, "a queue begins with “like” alone, and has no end")
        }
        let recommender = try snapshot.asked(in: library.catalogue)
        let since = body.playedWithin.map { Date().timeIntervalSince1970 - $0 } ?? .infinity
        var queue = try ListeningQueue(
          recommender, request: body.filtered(in: snapshot.collection),
          seeds: body.like.map { try $0.seed(recommender, snapshot.collection) },
          playedSince: since)
        let songs = try queue.next(body.request.length.songCount ?? 20)
        return QueueJSON(id: queues.add(queue), songs: songs.map { RecommendationJSON($0, in: snapshot.collection) })
      }
    }
    api.post("queues/:id/next") { request, context in
      let parameters = try RequestParameters(request, known: ["count"])
      let (id, count) = (
        try context.parameters.require("id"), try parameters.integer("count", in: 1...200, otherwise: 10)
      )
      return try await library.answer { snapshot in
        let songs = try queues.change(id) { try $0.next(count) }
        return QueueJSON(id: id, songs: songs.map { RecommendationJSON($0, in: snapshot.collection) })
      }
    }
    // Kept in the library, too: it shapes what comes in other queues.
    api.post("queues/:id/events") { request, context in
      let id = try context.parameters.require("id")
      let body = try await request.json(EventBody.self)
      return try await library.answer { snapshot in
        try queues.change(id) { _ in }
        let event = try Self.record(body, snapshot, library.catalogue)
        try queues.change(id) { $0.note(body.kind, song: body.song) }
        return EventJSON(id: event)
      }
    }
  }

  // MARK: - Blocks

  private struct Block: Encodable {
    let kind, name: String
    let songs: Int
    let clause: ClauseJSON
  }

  private func addBlocks(to api: RouterGroup<ServerContext>) {
    let library = library
    api.get("blocks") { request, _ in
      _ = try RequestParameters(request, known: [])
      return try await library.answer { _ in
        let list = BlockList(library.catalogue)
        return try library.catalogue.blocks().map { clause in
          Block(
            kind: clause.kind, name: try list.text(clause), songs: try list.count(of: clause),
            clause: ClauseJSON(clause))
        }
      }
    }
    api.post("blocks") { request, _ in
      let body = try await request.json(ClauseBody.self)
      try await library.run { _ = try library.catalogue.block(body.lastingClause(in: $0.collection)) }
      return HTTPResponse.Status.noContent
    }
    api.delete("blocks") { request, _ in
      let body = try await request.json(ClauseBody.self)
      try await library.run { snapshot in
        let clause = try body.lastingClause(in: snapshot.collection)
        if try !library.catalogue.unblock(clause) { throw Problem.missing("such block") }
      }
      return HTTPResponse.Status.noContent
    }
  }
}

/// The number of an event, by which it can be taken back.
struct EventJSON: Encodable {
  let id: Int64
}

/// The queues that listeners have open. The oldest make room.
final class Queues: Sendable {
  private static let most = 100

  private final class Open: Sendable {
    let id = String(UInt64.random(in: .min ... .max), radix: 36)
    let queue: Mutex<ListeningQueue>

    init(_ queue: ListeningQueue) { self.queue = Mutex(queue) }
  }

  private let open = Mutex<[Open]>([])

  func add(_ queue: ListeningQueue) -> String {
    let new = Open(queue)
    open.withLock { open in
      open.append(new)
      if open.count > Self.most { open.removeFirst() }
    }
    return new.id
  }

  /// Changes a queue, by one request at a time; others may be changed meanwhile.
  func change<Answer: Sendable>(_ id: String, _ change: (inout ListeningQueue) throws -> Answer) throws -> Answer {
    guard let found = open.withLock({ open in open.first { $0.id == id } }) else {
      throw Problem(.notFound, "there is no queue \(id): it was left alone for too long")
    }
    return try found.queue.withLock { try change(&$0) }
  }
}

extension PlaylistRequest.Length {
  var songCount: Int? { if case .songs(let count) = self { count } else { nil } }
}
