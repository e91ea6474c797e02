import Catalogue
import Files
import Foundation
import Hummingbird
import MusicLibrary
import ServiceLifecycle
import Synchronization

/// The indexing that a listener starts from the page: of the folders that are known, one at a time, beside all else.
final class ServedIndexing: Sendable {
  /// How far it is.
  struct State: Encodable, Sendable, Equatable {
    enum Phase: String, Encodable, Sendable { case idle, running, done, failed }
    var phase = Phase.idle
    /// What is done now, in words, and how far it is.
    var step: String?
    var done, total: Int?
    /// What it did, at the end; or why it failed.
    var added, updated, moved, forgotten, skipped: Int?
    var reason: String?
  }

  private let library: ServedLibrary
  private let state = Mutex(State())
  private let isStopping = Mutex(false)

  init(_ library: ServedLibrary) { self.library = library }

  func add(to api: RouterGroup<ServerContext>) {
    api.get("indexing") { request, _ in
      _ = try RequestParameters(request, known: [])
      return JSONAnswer(self.now)
    }
    api.post("indexing") { _, _ in
      try self.start()
      return JSONAnswer(self.now, status: .accepted)
    }
    api.delete("indexing") { _, _ in
      self.isStopping.withLock { $0 = true }
      return HTTPResponse.Status.noContent
    }
    api.get("events/stream") { request, context in
      _ = try RequestParameters(request, known: [])
      return Response(
        status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: ResponseBody { writer in try await self.stream(to: &writer) })
    }
  }

  /// How far it is.
  var now: State { state.withLock { $0 } }

  /// Begins.
  ///
  /// - Throws: `Problem` if an indexing is running, or if no folder was indexed yet.
  func start() throws {
    guard try !library.catalogue.roots().isEmpty else {
      throw Problem(.conflict, "no folder was indexed yet: run `akin index FOLDER` first")
    }
    let isFirst = state.withLock { state in
      guard state.phase != .running else { return false }
      state = State(phase: .running, step: "looking")
      return true
    }
    guard isFirst else { throw Problem(.conflict, "an indexing is running") }
    isStopping.withLock { $0 = false }
    Thread.detachNewThread { [self] in
      let end = run()
      state.withLock { $0 = end }
    }
  }

  private func run() -> State {
    do {
      let catalogue = library.catalogue
      let model = try ModelChoice(named: nil, catalogue: catalogue).model
      let threads = max(1, ProcessInfo.processInfo.activeProcessorCount - 1)
      let summary = try Indexer(catalogue: catalogue, model: model, threads: threads).index(
        [], shouldStop: { self.isStopping.withLock { $0 } }, report: { self.tell($0) })
      return State(
        phase: .done, added: summary.added, updated: summary.updated, moved: summary.moved,
        forgotten: summary.forgotten, skipped: summary.skipped.count,
        reason: summary.wasInterrupted ? "stopped; the next indexing goes on" : nil)
    } catch {
      return State(phase: .failed, reason: "\(error)")
    }
  }

  private func tell(_ event: Indexer.Event) {
    let (step, done, total): (String, Int?, Int?)
    switch event {
    case .found(let pending, _): (step, done, total) = ("listening", 0, pending)
    case .progress(let count, let all): (step, done, total) = ("listening", count, all)
    case .readingTags(let count, let all): (step, done, total) = ("reading tags", count, all)
    case .comparing(let count, let all): (step, done, total) = ("recognising moved files", count, all)
    case .hearingAgain(let count, let all): (step, done, total) = ("measuring", count, all)
    case .comparingFingerprints: (step, done, total) = ("looking for copies", nil, nil)
    case .skipped, .noted, .note: return
    }
    state.withLock { $0 = State(phase: .running, step: step, done: done, total: total) }
  }

  // MARK: - Events

  private struct Changed: Encodable {
    let version: Int
  }

  /// Tells what changes, twice a second at most, until the listener goes away or the server ends.
  private func stream(to writer: inout any ResponseBodyWriter) async throws {
    var (version, told, quiet): (Int?, State?, Int) = (nil, nil, 0)
    while !Task.isShuttingDownGracefully && !Task.isCancelled {
      let now = try await library.run { $0.version }
      let state = state.withLock { $0 }
      var text = ""
      if now != version { text += Self.event("library", Changed(version: now)) }
      if state != told { text += Self.event("indexing", state) }
      (version, told) = (now, state)
      quiet = text.isEmpty ? quiet + 1 : 0
      // A proxy would close what is silent for a minute.
      if quiet == 40 { (text, quiet) = (": still here\n\n", 0) }
      if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
      try await Task.sleep(for: .milliseconds(500))
    }
    try await writer.finish(nil)
  }

  private static func event(_ name: String, _ value: some Encodable) -> String {
    "event: \(name)\ndata: \(JSON.text(value))\n\n"
  }
}
