import Foundation
import HTTPTypes
import Hummingbird

/// What keeps other web sites out: a page elsewhere can neither read the library through a listener's browser nor change it,
/// and nothing in a tag or a file name becomes a script.
///
/// OpenSubsonic is for other programs, among them web players of other sites: every request brings its login, so that none
/// is made in a listener's name. As long as nobody has to log in, other sites are kept out there, too.
struct SafetyMiddleware<Context: RequestContext>: RouterMiddleware {
  let door: Doorkeeper
  let basePath: String

  private static var headers: HTTPFields {
    [
      .contentSecurityPolicy:
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      .xContentTypeOptions: "nosniff",
      HTTPField.Name("Referrer-Policy")!: "no-referrer",
      HTTPField.Name("Cross-Origin-Resource-Policy")!: "same-origin",
    ]
  }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let isOpen = try await door.isOpen()
    let isForPlayers = request.routedPath.hasPrefix(basePath + "/rest/")
    var response =
      if let refusal = refusal(of: request, isOpen: isOpen, isForPlayers: isForPlayers) {
        refusal.response(from: request, context: context)
      } else {
        try await next(request, context)
      }
    for header in Self.headers { response.headers[header.name] = header.value }
    if isForPlayers, !isOpen {
      response.headers[.accessControlAllowOrigin] = "*"
      response.headers[HTTPField.Name("Cross-Origin-Resource-Policy")!] = "cross-origin"
    }
    return response
  }

  private func refusal(of request: Request, isOpen: Bool, isForPlayers: Bool) -> Problem? {
    let host = request.head.authority ?? ""
    // Other names in `Host` are a name server's trick (DNS rebinding), or a proxy's; nobody gets in so without a login.
    if isOpen, !Self.isLoopback(host) {
      return Problem(
        .misdirectedRequest,
        "this server is for this machine only, and has not the name “\(host)”; with a user (`akin user add`) it may")
    }
    if isForPlayers, !isOpen { return nil }
    // A request of OpenSubsonic may change something whatever its method is.
    guard isForPlayers || ![.get, .head, .options].contains(request.method) else { return nil }
    // Browsers say where a request comes from; other programs do not, and have no cookies either.
    if let site = request.headers[HTTPField.Name("Sec-Fetch-Site")!], !["same-origin", "none"].contains(site) {
      return Problem(.forbidden, "another web site may not do this here")
    }
    if let origin = request.headers[.origin], URL(string: origin)?.authority != host {
      return Problem(.forbidden, "another web site may not do this here")
    }
    return nil
  }

  private static func isLoopback(_ authority: String) -> Bool {
    guard let host = URL(string: "http://\(authority)")?.host() else { return false }
    return ["localhost", "127.0.0.1", "[::1]", "::1"].contains(host)
  }
}

extension URL {
  fileprivate var authority: String? {
    host().map { host in (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "") }
  }
}
