import Foundation
import HTTPTypes
import Hummingbird
import NIOPosix
import Synchronization

/// Who may come in: everybody if only this machine reaches the server and there are no users, or else users.
final class Doorkeeper: Sendable {
  let accounts: Accounts
  let attempts: LoginAttempts
  /// Whether only this machine reaches the server.
  let isLoopback: Bool
  /// Whether it is reached by HTTPS alone.
  let isEncrypted: Bool
  private let sessions = Mutex<[String: (user: String, until: Date)]>([:])

  static let cookie = "akin-session"
  /// How long a browser stays logged in, in seconds.
  private static let sessionLength = 30 * 86_400
  /// More sessions at once do without the oldest.
  private static let mostSessions = 1000

  init(_ accounts: Accounts, isLoopback: Bool, isEncrypted: Bool, attempts: LoginAttempts) {
    self.accounts = accounts
    self.isLoopback = isLoopback
    self.isEncrypted = isEncrypted
    self.attempts = attempts
  }

  /// Runs what reads the library beside the threads that serve connections.
  func read<Answer: Sendable>(_ body: @escaping @Sendable (Accounts) throws -> Answer) async throws -> Answer {
    let accounts = accounts
    return try await NIOThreadPool.singleton.runIfActive { try body(accounts) }
  }

  /// Whether nobody has to log in.
  func isOpen() async throws -> Bool {
    guard isLoopback else { return false }
    if let wasEmpty = accounts.wasEmpty { return wasEmpty }
    return try await read { try $0.isEmpty() }
  }

  /// Begins a session.
  ///
  /// - Parameter isEncrypted: Whether the request came by HTTPS.
  func logIn(_ user: String, isEncrypted: Bool) -> Cookie {
    let token = RandomToken.text()
    let now = Date()
    sessions.withLock { sessions in
      sessions = sessions.filter { $0.value.until > now }
      if sessions.count >= Self.mostSessions, let oldest = sessions.min(by: { $0.value.until < $1.value.until }) {
        sessions[oldest.key] = nil
      }
      sessions[token] = (user, now.addingTimeInterval(Double(Self.sessionLength)))
    }
    return cookie(token, maxAge: Self.sessionLength, isSecure: isEncrypted)
  }

  /// Ends the session of a request.
  func logOut(_ request: Request) -> Cookie {
    if let token = request.cookies[Self.cookie]?.value { sessions.withLock { $0[token] = nil } }
    return cookie("", maxAge: 0, isSecure: false)
  }

  private func cookie(_ token: String, maxAge: Int, isSecure: Bool) -> Cookie {
    Cookie(
      name: Self.cookie, value: token, maxAge: maxAge, path: "/", secure: isSecure, httpOnly: true, sameSite: .strict)
  }

  /// The user of a request's session or API key; nil if it has none.
  func user(of request: Request) async throws -> String? {
    if let token = request.cookies[Self.cookie]?.value {
      let session = sessions.withLock { $0[token] }
      // One who was removed meanwhile is out at once.
      if let session, session.until > Date(), try await read({ try $0.has(session.user) }) { return session.user }
    }
    guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
    let key = header.dropFirst(7).trimmingCharacters(in: .whitespaces)
    return try await read { try $0.user(apiKey: key) }
  }
}
