import HTTPTypes
import Hummingbird

/// Keeps out who has not logged in, but for what needs no login, or has its own: the page of the login, and OpenSubsonic.
struct LoginMiddleware: RouterMiddleware {
  typealias Context = ServerContext

  let door: Doorkeeper
  let basePath: String

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let path = request.routedPath
    let place = path.hasPrefix(basePath + "/") ? String(path.dropFirst(basePath.count)) : path
    if Self.isFree(place) { return try await next(request, context) }
    if try await door.isOpen() { return try await next(request, context) }
    if try await door.sessionUser(of: request) != nil { return try await next(request, context) }
    if let key = Doorkeeper.apiKey(of: request) {
      let sender = LoginAttempts.Sender(address: context.sender(of: request))
      guard door.attempts.mayTry(sender) else { throw Self.tooManyAttempts }
      if try await door.read({ try $0.user(apiKey: key) }) != nil { return try await next(request, context) }
      try await door.attempts.fail(sender)
    }
    if request.method == .get, ["/", "/index.html", basePath].contains(place) {
      return Response(status: .seeOther, headers: [.location: basePath + "/login.html", .cacheControl: "no-store"])
    }
    var answer = Problem(.unauthorized, "log in first").response(from: request, context: context)
    answer.headers[.wwwAuthenticate] = "Bearer"
    return answer
  }

  static let tooManyAttempts = Problem(
    .tooManyRequests, "there were too many logins that failed from your address; try again in a few minutes")

  /// What needs no login: files of the page, which tell nothing of the library, and what a login is made by.
  private static func isFree(_ place: String) -> Bool {
    ["/health", "/api/health", "/api/v1/session"].contains(place) || place.hasPrefix("/rest/")
      || freeFiles.contains(place)
  }

  private static let freeFiles = Set(
    PageFiles.all.map { "/" + $0.name }.filter { !["/index.html", "/openapi.json"].contains($0) })
}

/// Logging in and out from a browser.
struct SessionRoutes {
  let door: Doorkeeper

  private struct Login: Decodable {
    let name, password: String

    init(from decoder: any Decoder) throws {
      let object = try decoder.object(known: ["name", "password"])
      name = try object.decode(String.self, forKey: AnyKey(stringValue: "name"))
      password = try object.decode(String.self, forKey: AnyKey(stringValue: "password"))
    }
  }

  private struct Session: Encodable {
    /// Whether a login is needed.
    let required: Bool
    /// Who is logged in.
    let name: String?
  }

  func add(to api: RouterGroup<ServerContext>) {
    let door = door
    api.get("session") { request, _ in
      _ = try RequestParameters(request, known: [])
      return JSONAnswer(Session(required: try await !door.isOpen(), name: try await door.user(of: request)))
    }
    api.post("session") { request, context in
      let login = try await request.json(Login.self)
      let sender = LoginAttempts.Sender(address: context.sender(of: request), user: login.name)
      guard door.attempts.mayTry(sender) else { throw LoginMiddleware.tooManyAttempts }
      guard try await door.read({ try $0.accepts(login.name, password: login.password) }) else {
        try await door.attempts.fail(sender)
        throw Problem(.unauthorized, "the name or the password is wrong")
      }
      door.attempts.succeed(sender)
      var response = Response(status: .noContent, headers: [.cacheControl: "no-store"])
      response.setCookie(
        door.logIn(
          login.name, password: login.password, isEncrypted: door.isEncrypted || context.cameEncrypted(request)))
      return response
    }
    api.delete("session") { request, _ in
      var response = Response(status: .noContent)
      response.setCookie(door.logOut(request))
      return response
    }
  }
}
