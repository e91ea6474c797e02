import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOSSL
import Synchronization

/// Questions in JSON to one server.
struct ServerSession: Sendable {
  /// Without a slash at its end.
  let url: String
  private let received = Received()

  init(url: String) { self.url = url }

  /// How many bytes all answers had.
  private final class Received: Sendable {
    let bytes = Atomic(0)
  }

  /// How many bytes are read of one server: the songs of millions. A broken one may have pages without an end.
  private static let most = 4 << 30

  /// How long an answer may take: a server with a hundred thousand songs may think for a while.
  private static let patience = TimeAmount.seconds(120)
  private static let client = HTTPClient(
    eventLoopGroupProvider: .singleton,
    configuration: {
      var configuration = HTTPClient.Configuration.singletonConfiguration
      configuration.timeout.connect = .seconds(10)
      configuration.timeout.read = patience
      // A login is for the server that was named, and for no other.
      configuration.redirectConfiguration = .disallow
      // Where nobody listens now, nobody does in a minute.
      configuration.connectionPool.retryConnectionEstablishment = false
      return configuration
    }())
  /// The largest answer that is read, in bytes: a page of songs has less than one of these.
  private static let largestAnswer = 64 << 20

  /// An answer.
  struct Answer: Sendable {
    let status: Int
    /// Whether it asks for a user and a password in HTTP's basic way.
    let asksForPassword: Bool
    let body: Data

    /// The answer as JSON; nil if it is none.
    func decoded<Value: Decodable>(_ type: Value.Type) -> Value? { try? JSONDecoder().decode(type, from: body) }
  }

  /// Asks.
  ///
  /// - Parameters:
  ///   - path: Begins with a slash.
  ///   - query: Names and values.
  ///   - json: The body; a request with a body is a POST.
  /// - Throws: `MusicServerError`.
  func ask(
    _ path: String, query: [(String, String)] = [], headers: [String: String] = [:],
    json: (any Encodable & Sendable)? = nil
  ) async throws -> Answer {
    let pairs = query.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
    var request = HTTPClientRequest(url: url + path + (pairs.isEmpty ? "" : "?" + pairs))
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    request.headers.replaceOrAdd(name: "Accept", value: "application/json")
    if let json {
      request.method = .POST
      request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(data: try JSONEncoder().encode(json)))
    }
    let deadline = NIODeadline.now() + Self.patience
    do {
      let response = try await Self.client.execute(request, deadline: deadline)
      if (300..<400).contains(response.status.code), let place = response.headers.first(name: "Location") {
        throw MusicServerError.moved(url, to: place)
      }
      var body = ByteBuffer()
      for try await chunk in response.body {
        body.writeImmutableBuffer(chunk)
        guard body.readableBytes <= Self.largestAnswer else {
          throw MusicServerError.failed(url, "its answer to \(path) is larger than \(Self.largestAnswer >> 20) MB")
        }
        guard .now() < deadline else { throw MusicServerError.unreachable(url, "it takes too long") }
      }
      let sum = received.bytes.wrappingAdd(body.readableBytes, ordering: .relaxed).newValue
      guard sum <= Self.most else {
        throw MusicServerError.failed(url, "it tells of songs without an end, \(Self.most >> 30) GB so far")
      }
      let challenges = response.headers["WWW-Authenticate"].map { $0.lowercased() }
      return Answer(
        status: Int(response.status.code),
        asksForPassword: response.status == .unauthorized && challenges.contains { $0.hasPrefix("basic") },
        body: Data(body.readableBytesView))
    } catch let error as MusicServerError {
      throw error
    } catch {
      throw MusicServerError.unreachable(url, Self.reason(error))
    }
  }

  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case let error as HTTPClientError where [.connectTimeout, .deadlineExceeded, .readTimeout].contains(error):
      "it takes too long"
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: "its certificate is not trusted here"
    default: "\(error)"
    }
  }
}
