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
  private let sessions = Mutex<[String: Session]>([:])

  private struct Session {
    let user: String
    /// The one that it was begun with: another password ends it.
    let password: String
    let until: Date
  }

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
  func logIn(_ user: String, password: String, isEncrypted: Bool) -> Cookie {
    let token = RandomToken.text()
    let now = Date()
    sessions.withLock { sessions in
      sessions = sessions.filter { $0.value.until > now }
      if sessions.count >= Self.mostSessions, let oldest = sessions.min(by: { $0.value.until < $1.value.until }) {
        sessions[oldest.key] = nil
      }
      sessions[token] = Session(
        user: user, password: password, until: now.addingTimeInterval(Double(Self.sessionLength)))
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
    if let user = try await sessionUser(of: request) { return user }
    guard let key = Self.apiKey(of: request) else { return nil }
    return try await read { try $0.user(apiKey: key) }
  }

  /// The user of a request's session; nil if it has none. One who was removed meanwhile, or has another password, is out.
  func sessionUser(of request: Request) async throws -> String? {
    guard let token = request.cookies[Self.cookie]?.value, let session = sessions.withLock({ $0[token] }),
      session.until > Date(), try await read({ try $0.accepts(session.user, password: session.password) })
    else { return nil }
    return session.user
  }

  /// The API key that a request presents; nil for none.
  static func apiKey(of request: Request) -> String? {
    guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
    return header.dropFirst(7).trimmingCharacters(in: .whitespaces)
  }
}
