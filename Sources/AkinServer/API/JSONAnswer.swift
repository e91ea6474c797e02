import Files
import Hummingbird

/// An answer in JSON.
struct JSONAnswer: ResponseGenerator, Sendable {
  let body: ByteBuffer
  var status = HTTPResponse.Status.ok

  init(_ value: some Encodable, status: HTTPResponse.Status = .ok) {
    body = ByteBuffer(string: JSON.text(value))
    self.status = status
  }

  func response(from request: Request, context: some RequestContext) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: body))
  }
}

extension ServedLibrary {
  /// Runs what blocks, and answers in JSON.
  func answer(_ body: @escaping @Sendable (Snapshot) throws -> some Encodable) async throws -> JSONAnswer {
    try await run { JSONAnswer(try body($0)) }
  }

  /// The same for what is asked again and again.
  func answer(
    remembering key: String, _ body: @escaping @Sendable (Snapshot) throws -> some Encodable
  ) async throws -> JSONAnswer {
    try await run(remembering: key) { JSONAnswer(try body($0)) }
  }
}
