import Foundation
import HTTPTypes
import Hummingbird

/// What keeps other web sites out: a page elsewhere can neither read the library through a listener's browser nor change it,
/// and nothing in a tag or a file name becomes a script.
struct SafetyMiddleware<Context: RequestContext>: RouterMiddleware {
  /// Whether requests can only be meant for this machine: other names in `Host` are a name server's trick (DNS rebinding).
  let isLoopback: Bool

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
    var response =
      if let refusal = refusal(of: request) {
        try refusal.response(from: request, context: context)
      } else {
        try await next(request, context)
      }
    for header in Self.headers { response.headers[header.name] = header.value }
    return response
  }

  private func refusal(of request: Request) -> Problem? {
    let host = request.head.authority ?? ""
    if isLoopback, !Self.isLoopback(host) {
      return Problem(.misdirectedRequest, "this server is for this machine only, and has not the name “\(host)”")
    }
    guard ![.get, .head, .options].contains(request.method) else { return nil }
    // Browsers say where a request comes from; other programs do not, and have no cookies either.
    if let site = request.headers[HTTPField.Name("Sec-Fetch-Site")!], !["same-origin", "none"].contains(site) {
      return Problem(.forbidden, "another web site may not change anything here")
    }
    if let origin = request.headers[.origin], URL(string: origin)?.authority != host {
      return Problem(.forbidden, "another web site may not change anything here")
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
