import Catalogue
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// OpenSubsonic, so that its players are faces of a library: `/rest/NAME`, or `/rest/NAME.view`, as GET with a query or POST
/// with a form. Answers have the status 200 whatever is in them, as players expect.
package struct SubsonicRoutes: Sendable {
  let library: ServedLibrary
  let indexing: ServedIndexing
  let door: Doorkeeper
  let nowPlaying: NowPlaying
  let covers: Covers
  let slots: TranscodingSlots

  /// Answers a call with named values.
  typealias Answering = @Sendable (SubsonicRoutes, SubsonicCall, ServedLibrary.Snapshot) throws -> SubsonicObject
  /// Answers a call with a file or the like.
  typealias Serving =
    @Sendable (SubsonicRoutes, SubsonicCall, Request, ServerContext) async throws -> Response

  /// All that is answered, by name.
  static let answers: [String: Answering] = [
    systemAnswers, browsingAnswers, listAnswers, searchAnswers, playlistAnswers, markAnswers, recommendationAnswers,
    emptyAnswers,
  ].reduce([:]) { $0.merging($1) { _, _ in preconditionFailure("two answers to one call") } }

  /// The names of all calls that are answered.
  package static var names: [String] { (Array(answers.keys) + servings.keys).sorted() }

  /// What says who asks, but not what.
  private static let loginKeys: Set = ["u", "p", "t", "s", "apiKey", "c", "v"]

  /// The largest form that is read, in bytes: a playlist of tens of thousands of songs.
  private static let largestForm = 1 << 20

  func add(to root: RouterGroup<ServerContext>) {
    let rest = root.group("rest")
    rest.get(":name") { request, context in try await answer(request, context) }
    rest.post(":name") { request, context in try await answer(request, context) }
  }

  private func answer(_ request: Request, _ context: ServerContext) async throws -> Response {
    // An error of the form in the body is told in the format that the query names.
    var format = (try? SubsonicFormat(RequestParameters(request, known: nil))) ?? .xml
    do {
      let parameters = try await Self.parameters(of: request)
      format = try SubsonicFormat(parameters)
      try Self.checkVersion(parameters)
      let text = try context.parameters.require("name")
      let name = text.hasSuffix(".view") ? String(text.dropLast(5)) : text
      // What a server can do is known before a login.
      if name == "getOpenSubsonicExtensions" { return format.response(with: SubsonicExtensions.answer) }
      let call = try await caller(parameters, context.sender(of: request))
      if let serve = Self.servings[name] { return try await serve(self, call, request, context) }
      guard let answer = Self.answers[name] else {
        throw SubsonicError(.generic, "“\(name)” is not answered by this server")
      }
      let make: @Sendable (ServedLibrary.Snapshot) throws -> Response = { [format] snapshot in
        format.response(with: try answer(self, call, snapshot))
      }
      guard Self.recommendationAnswers[name] != nil else { return try await library.run(make) }
      return try await library.run(
        remembering: "\(name) \(call.owner) \(parameters.text(without: Self.loginKeys))", make)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      if Problem(error).status.code >= 500, !(error is SubsonicError), !(error is MissingParameter) {
        context.logger.error("\(request.uri.path): \(error)")
      }
      return format.response(with: SubsonicError(error))
    }
  }

  /// Those of the query and of the form in the body. Players add some of their own, so that unknown ones are left alone.
  private static func parameters(of request: Request) async throws -> RequestParameters {
    let query = try RequestParameters(request, known: nil)
    guard request.method == .post else { return query }
    let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
    let body = try await request.collected(upTo: largestForm)
    guard body.readableBytes > 0 else { return query }
    guard type == "application/x-www-form-urlencoded" else {
      throw Problem(.unsupportedMediaType, "the body must be application/x-www-form-urlencoded")
    }
    return query.and(try RequestParameters(encoded: String(buffer: body), known: nil))
  }

  private static func checkVersion(_ parameters: RequestParameters) throws {
    guard let version = try parameters.text("v"), !version.isEmpty else { return }
    guard let major = Int(version.prefix { $0 != "." }) else {
      throw Problem.parameter("v", "“\(version)” is no version")
    }
    if major > 1 {
      throw SubsonicError(.serverMustUpgrade, "this server speaks version \(SubsonicFormat.version) of the protocol")
    }
    if major < 1 {
      throw SubsonicError(.clientMustUpgrade, "this server speaks version \(SubsonicFormat.version) of the protocol")
    }
  }

  // MARK: - Login

  private func caller(_ parameters: RequestParameters, _ address: String) async throws -> SubsonicCall {
    func call(_ user: String, owner: String, hasKey: Bool) -> SubsonicCall {
      SubsonicCall(parameters: parameters, owner: owner, user: user, hasKey: hasKey)
    }
    let login = try SubsonicLogin(parameters)
    if try await door.isOpen() {
      let name = parameters.list("u").first ?? ""
      return call(name.isEmpty ? "akin" : name, owner: "", hasKey: parameters.list("apiKey").first != nil)
    }
    guard let login else { throw MissingParameter(name: "u and t with s, or apiKey,") }
    let sender = LoginAttempts.Sender(address: address, user: login.name)
    guard door.attempts.mayTry(sender) else {
      throw SubsonicError(.wrongCredentials, LoginMiddleware.tooManyAttempts.detail)
    }
    guard let user = try await door.read({ try login.user(of: $0) }) else {
      try await door.attempts.fail(sender)
      throw login.refusal
    }
    door.attempts.succeed(sender)
    return call(user, owner: user, hasKey: login.isKey)
  }
}

/// What a player presents.
private enum SubsonicLogin: Sendable {
  case password(user: String, String)
  case token(user: String, String, salt: String)
  case key(String)

  /// Nil if nothing is presented.
  ///
  /// - Throws: `SubsonicError` for two ways at once.
  init?(_ parameters: RequestParameters) throws {
    let (user, password) = (try parameters.text("u"), try parameters.text("p"))
    let (token, salt, key) = (try parameters.text("t"), try parameters.text("s"), try parameters.text("apiKey"))
    if key != nil && (user != nil || password != nil || token != nil) || password != nil && token != nil {
      throw SubsonicError(.conflictingMechanisms, "send one of apiKey, u with t and s, or u with p")
    }
    if let key {
      self = .key(key)
    } else if let user, let token, let salt {
      self = .token(user: user, token, salt: salt)
    } else if let user, let password {
      self = .password(user: user, Self.decoded(password))
    } else {
      return nil
    }
  }

  /// A password may be sent as enc: and the hexadecimal digits of its bytes.
  private static func decoded(_ password: String) -> String {
    guard password.hasPrefix("enc:") else { return password }
    let digits = Array(password.utf8.dropFirst(4))
    guard digits.count % 2 == 0 else { return password }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
        return password
      }
      bytes.append(byte)
    }
    // Some players send code points for bytes: that is Latin-1, which hardly ever is UTF-8 as well.
    return String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  func user(of accounts: Accounts) throws -> String? {
    switch self {
    case .password(let user, let password): try accounts.accepts(user, password: password) ? user : nil
    case .token(let user, let token, let salt): try accounts.accepts(user, token: token, salt: salt) ? user : nil
    case .key(let key): try accounts.user(apiKey: key)
    }
  }

  var isKey: Bool { name == nil }

  /// Whose password is presented; nil for a key.
  var name: String? {
    switch self {
    case .password(let user, _), .token(let user, _, _): user
    case .key: nil
    }
  }

  var refusal: SubsonicError {
    isKey
      ? SubsonicError(.invalidAPIKey, "there is no such API key")
      : SubsonicError(.wrongCredentials, "the user name or the password is wrong")
  }
}
