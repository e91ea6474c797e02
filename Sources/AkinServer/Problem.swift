import Catalogue
import Files
import Foundation
import Hummingbird
import Logging
import MusicLibrary
import NIOCore
import NIOHTTP1

/// Why a request was not answered, as problem details (RFC 9457).
struct Problem: HTTPResponseError {
  let status: HTTPResponse.Status
  /// What is wrong, with what, and what to do.
  let detail: String
  /// After how many seconds it is worth to try again; nil if that is not known.
  var retryAfter: Int?

  init(_ status: HTTPResponse.Status, _ detail: String, retryAfter: Int? = nil) {
    self.status = status
    self.detail = detail
    self.retryAfter = retryAfter
  }

  /// A parameter that cannot be what it is.
  static func parameter(_ name: String, _ reason: String) -> Problem { Problem(.badRequest, "\(name): \(reason)") }

  /// Something that the library does not have.
  static func missing(_ what: String) -> Problem { Problem(.notFound, "the library has no \(what)") }

  /// A body that nobody reads to its end.
  static let tooLarge = Problem(.contentTooLarge, "the body is larger than what is read here")

  /// What an error of the library means for a request.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as HTTPError: self = Problem(error.status, error.body ?? error.status.reasonPhrase)
    case let error as LibraryError: self = Problem(Self.status(of: error), error.description)
    case let error as CatalogueError:
      self = Problem(error.reason == .locked ? .serviceUnavailable : .internalServerError, "\(error)")
    case is NIOTooManyBytesError: self = .tooLarge
    case is HTTPParserError: self = Problem(.badRequest, "this is no HTTP: \(error)")
    case is DecodingError: self = Problem(.badRequest, Self.text(of: error))
    default: self = Problem(.internalServerError, "\(error)")
    }
  }

  private static func status(of error: LibraryError) -> HTTPResponse.Status {
    switch error {
    case .unknownSong, .unknownName, .notIndexed, .noSuchEvent, .unheardSong, .noVector, .stationNotIndexed, .lostSongs:
      .notFound
    case .beingIndexed, .nothingIndexed, .noVectors: .conflict
    case .ambiguousSong, .ambiguousAlbum, .samePlace, .noSeeds, .noAspects, .noAspect, .noWeights, .noVectorsOfSongs,
      .noSongs,
      .severalSongs, .blockedPlaylist:
      .badRequest
    case .unreadableSpace: .internalServerError
    }
  }

  private static func text(of error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "the body" : path.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(place(context.codingPath)) is of another type than it should be"
    case DecodingError.dataCorrupted(let context): "\(place(context.codingPath)): \(context.debugDescription)"
    default: "\(error)"
    }
  }

  private struct Body: Encodable {
    let type = "about:blank"
    let title: String
    let status: Int
    let detail: String
  }

  /// The answer that tells it.
  var response: Response {
    let body = JSON.text(Body(title: status.reasonPhrase, status: status.code, detail: detail))
    var headers: HTTPFields = [.contentType: "application/problem+json"]
    headers[.retryAfter] = retryAfter.map(String.init)
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
  }

  func response(from request: Request, context: some RequestContext) -> Response { response }
}

/// Makes every error of a route a problem.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      let problem = Problem(error)
      if problem.status.code >= 500 { context.logger.error("\(request.uri.path): \(problem.detail)") }
      return problem.response(from: request, context: context)
    }
  }
}
