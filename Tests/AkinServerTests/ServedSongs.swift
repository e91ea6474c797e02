import AkinServer
import Catalogue
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import MusicLibrary
import NIOEmbedded
import SongModels
import Synchronization
import TestSupport
import Testing

/// A small library of synthesised songs, and a server of it that is asked without a socket.
struct ServedSongs {
  let folder: TemporaryFolder
  let catalogue: Catalogue

  /// Four artists with three songs each, on two albums.
  init() throws {
    folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 4, variants: 3, in: folder("music"))
    catalogue = try Catalogue(path: folder("library.sqlite"))
    _ = try Indexer(catalogue: catalogue, model: .standard, threads: 2).index([folder("music")])
  }

  func client(_ configuration: AkinServer.Configuration = .init()) -> RouterClient {
    let attempts = LoginAttempts(delay: .zero)
    return RouterClient(
      AkinServer(ServedLibrary(catalogue), configuration: configuration, attempts: attempts).router())
  }
}

/// Asks a router as a connection would. (Hummingbird's own test library brings an HTTP client and TLS to be built.)
struct RouterClient {
  private let responder: RouterResponder<ServerContext>

  init(_ router: Router<ServerContext>) { responder = router.buildResponder() }

  struct Answer {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let body: Data
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// - Parameter body: JSON, unless the headers say otherwise.
  func response(
    _ uri: String, _ method: HTTPRequest.Method = .get, _ body: String? = nil, headers: HTTPFields = [:]
  ) async throws -> Answer {
    var headers = headers
    if body != nil { headers[.contentType] = headers[.contentType] ?? "application/json" }
    let request = Request(
      head: .init(
        method: method, scheme: "http", authority: headers[HTTPField.Name("Host")!] ?? "localhost", path: uri,
        headerFields: headers),
      body: RequestBody(buffer: ByteBuffer(string: body ?? "")))
    let source = ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
    let response = try await responder.respond(to: request, context: ServerContext(source: source))
    let writer = Collector()
    try await response.body.write(writer)
    return Answer(status: response.status, headers: response.headers, body: writer.data.withLock { $0 })
  }

  /// The status and the JSON of an answer.
  func json(
    _ uri: String, _ method: HTTPRequest.Method = .get, _ body: String? = nil, headers: HTTPFields = [:]
  ) async throws -> (status: Int, object: [String: Any]) {
    let response = try await response(uri, method, body, headers: headers)
    let object = try JSONSerialization.jsonObject(with: response.body) as? [String: Any]
    return (response.status.code, object ?? [:])
  }

  private final class Collector: ResponseBodyWriter {
    let data = Mutex(Data())

    func write(_ buffer: ByteBuffer) async throws { data.withLock { $0.append(contentsOf: buffer.readableBytesView) } }
    func finish(_ trailers: HTTPFields?) async throws {}
  }
}

/// OpenSubsonic.
extension RouterClient {
  /// What is inside `subsonic-response`.
  func ask(_ call: String, headers: HTTPFields = [:]) async throws -> [String: Any] {
    let path = "/rest/\(call)\(call.contains("?") ? "&" : "?")f=json"
    let (status, object) = try await json(path, headers: headers)
    #expect(status == 200, "\(path)")
    return try #require(object["subsonic-response"] as? [String: Any])
  }

  /// The code of the error.
  func error(_ call: String, headers: HTTPFields = [:]) async throws -> Int? {
    let answer = try await ask(call, headers: headers)
    #expect(answer["status"] as? String == "failed", "\(call)")
    return (answer["error"] as? [String: Any])?["code"] as? Int
  }

  /// The identifiers of all songs.
  func songs() async throws -> [String] {
    let found = try await ask("search3?query=&songCount=100")["searchResult3"] as? [String: Any]
    return (found?["song"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
  }
}
