import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What goes with a request: where it comes from.
package struct ServerContext: RequestContext, RemoteAddressRequestContext {
  package var coreContext: CoreRequestContextStorage
  package let remoteAddress: SocketAddress?

  package init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    remoteAddress = source.channel.remoteAddress
  }

  /// The address that a connection comes from. One of IPv4 that reaches a socket of IPv6 is written as of IPv4.
  private var peer: String {
    let address = remoteAddress?.ipAddress ?? ""
    return address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
  }

  private var isFromThisMachine: Bool { ["127.0.0.1", "::1"].contains(peer) }

  /// Whether a proxy on this machine says that a request reached it by HTTPS.
  func cameEncrypted(_ request: Request) -> Bool {
    isFromThisMachine && request.headers[HTTPField.Name("X-Forwarded-Proto")!]?.lowercased() == "https"
  }

  /// The address that a request comes from, for counting; behind a proxy on this machine, the one that the proxy names.
  func sender(of request: Request) -> String {
    guard isFromThisMachine else { return peer }
    let forwarded = request.headers[HTTPField.Name("X-Forwarded-For")!]
    return forwarded?.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? peer
  }
}

extension Request {
  /// The path as the router takes it apart: several slashes are one, and none ends it.
  var routedPath: String { "/" + uri.path.split(separator: "/").joined(separator: "/") }
}
