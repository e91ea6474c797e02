import Catalogue
import Crypto
import Foundation
import Synchronization

/// The users of a library, and whether what a request presents is theirs.
public final class Accounts: Sendable {
  private let catalogue: Catalogue
  /// The passwords, and when they were read.
  private let known = Mutex<(time: ContinuousClock.Instant, passwords: [String: String])?>(nil)
  /// Compared with in the place of one that is not there, so that both take as long.
  private let nobody = UUID().uuidString

  /// How long a change by another process may be overlooked.
  private static let patience = Duration.seconds(1)

  /// The users of a library.
  public init(_ catalogue: Catalogue) { self.catalogue = catalogue }

  // MARK: - Changing

  /// The names of all users.
  public func names() throws -> [String] { try catalogue.users().map(\.name) }

  /// Adds a user.
  ///
  /// - Throws: `AccountError`, `CatalogueError`.
  public func add(_ name: String, password: String) throws {
    let isName =
      (1...64).contains(name.count) && name.trimmingCharacters(in: .whitespaces) == name
      && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    guard isName else { throw AccountError.badName(name) }
    guard try !names().contains(name) else { throw AccountError.taken(name) }
    try store(name, password)
  }

  /// Gives a user another password.
  public func setPassword(of name: String, to password: String) throws {
    guard try names().contains(name) else { throw AccountError.unknown(name) }
    try store(name, password)
  }

  private func store(_ name: String, _ password: String) throws {
    guard (1...1024).contains(password.count), !password.contains(where: \.isNewline) else {
      throw AccountError.badPassword
    }
    let sealed = try PasswordSeal(library: catalogue.path, make: true).sealed(password, of: name)
    try catalogue.store(Catalogue.User(name: name, password: sealed, created: Date().timeIntervalSince1970))
    known.withLock { $0 = nil }
  }

  /// Removes a user with all that it keeps.
  public func remove(_ name: String) throws {
    guard try catalogue.removeUser(named: name) else { throw AccountError.unknown(name) }
    known.withLock { $0 = nil }
  }

  /// Makes an API key of a user. It cannot be read again: only a digest of it is stored.
  public func makeAPIKey(of name: String) throws -> String {
    guard try names().contains(name) else { throw AccountError.unknown(name) }
    let key = "akin-" + RandomToken.text()
    try catalogue.addAPIKey(digest: Self.digest(key), of: name, time: Date().timeIntervalSince1970)
    return key
  }

  /// The API keys of all users, or of one.
  public func apiKeys(of name: String? = nil) throws -> [Catalogue.APIKey] {
    if let name, try !names().contains(name) { throw AccountError.unknown(name) }
    return try catalogue.apiKeys(of: name)
  }

  /// Takes an API key back.
  public func revokeAPIKey(_ id: Int64) throws {
    guard try catalogue.removeAPIKey(id) else { throw AccountError.unknownAPIKey(id) }
  }

  // MARK: - Checking

  /// Whether there is any user.
  func isEmpty() throws -> Bool { try passwords().isEmpty }

  /// The same as far as it was known a moment ago, without reading; nil if it was not.
  var wasEmpty: Bool? {
    known.withLock { $0 }.flatMap { ContinuousClock.now - $0.time < Self.patience ? $0.passwords.isEmpty : nil }
  }

  /// Whether there is a user of that name.
  func has(_ name: String) throws -> Bool { try passwords()[name] != nil }

  /// Whether a password is that of a user.
  package func accepts(_ name: String, password: String) throws -> Bool {
    let passwords = try passwords()
    let isSame = Self.areSame(password, passwords[name] ?? nobody)
    return isSame && passwords[name] != nil
  }

  /// Whether a token is the MD5 digest of a user's password and a salt, in hexadecimal digits.
  func accepts(_ name: String, token: String, salt: String) throws -> Bool {
    let passwords = try passwords()
    let digest = Insecure.MD5.hash(data: Data(((passwords[name] ?? nobody) + salt).utf8))
    let isSame = Self.areSame(token.lowercased(), Self.hex(digest))
    return isSame && passwords[name] != nil
  }

  /// The user of an API key; nil if there is no such key. (Its digest is looked up: how long that takes tells nothing of
  /// the key.)
  package func user(apiKey: String) throws -> String? { try catalogue.user(apiKeyDigest: Self.digest(apiKey)) }

  private func passwords() throws -> [String: String] {
    let now = ContinuousClock.now
    if let known = known.withLock({ $0 }), now - known.time < Self.patience { return known.passwords }
    let users = try catalogue.users()
    var passwords: [String: String] = [:]
    if !users.isEmpty {
      let seal = try PasswordSeal(library: catalogue.path, make: false)
      for user in users {
        // One that was sealed with another key, as after a restoration, is nobody's; the others may log in.
        do { passwords[user.name] = try seal.password(user.password, of: user.name) } catch is AccountError {
          passwords[user.name] = nobody
        }
      }
    }
    known.withLock { [passwords] in $0 = (now, passwords) }
    return passwords
  }

  /// Compares digests, which takes as long whatever is in them.
  private static func areSame(_ one: String, _ other: String) -> Bool {
    SHA256.hash(data: Data(one.utf8)) == SHA256.hash(data: Data(other.utf8))
  }

  private static func digest(_ key: String) -> String { hex(SHA256.hash(data: Data(key.utf8))) }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// Random texts that nobody can guess.
enum RandomToken {
  /// 256 bits of the system's generator, in letters and digits.
  static func text() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 36)
      return String(repeating: "0", count: 13 - digits.count) + digits
    }.joined()
  }
}
