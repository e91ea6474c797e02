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

  private var isFromThisMachine: Bool { ["127.0.0.1", "::1"].contains(remoteAddress?.ipAddress ?? "") }

  /// Whether a proxy on this machine says that a request reached it by HTTPS.
  func cameEncrypted(_ request: Request) -> Bool {
    isFromThisMachine && request.headers[HTTPField.Name("X-Forwarded-Proto")!]?.lowercased() == "https"
  }

  /// The address that a request comes from, for counting; behind a proxy on this machine, the one that the proxy names.
  func sender(of request: Request) -> String {
    let peer = remoteAddress?.ipAddress ?? ""
    guard isFromThisMachine else { return peer }
    let forwarded = request.headers[HTTPField.Name("X-Forwarded-For")!]
    return forwarded?.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? peer
  }
}
