import Foundation

/// Another server of music, as a client sees it.
public protocol MusicServer: Sendable {
  /// What it is: "subsonic", "jellyfin" or "lyrion".
  static var kind: String { get }

  /// All its songs.
  ///
  /// - Parameter progress: is told how many are known so far.
  /// - Throws: `MusicServerError`.
  func songs(progress: (Int) -> Void) async throws -> [ServerSong]
}

extension MusicServer {
  /// What it is.
  public var kind: String { Self.kind }
}

/// How one logs in to another server.
public enum ServerLogin: Sendable, Hashable {
  case password(user: String, String)
  case apiKey(String)
  /// Without any, as Lyrion allows.
  case none
}

/// The address of another server, without who logs in.
public struct ServerAddress: Sendable, Hashable {
  /// As a URL without a slash at its end.
  public let url: String
  /// The user that the address names.
  public let user: String?

  /// The address in a text, such as "http://anna@nas:4533/music".
  ///
  /// - Throws: `MusicServerError.badAddress`.
  public init(_ text: String) throws {
    guard var parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
      parts.host?.isEmpty == false, parts.query == nil, parts.fragment == nil, (1...65535).contains(parts.port ?? 80)
    else { throw MusicServerError.badAddress(text) }
    // Others see the command line of a process.
    guard parts.password == nil else { throw MusicServerError.passwordInAddress }
    user = parts.user
    (parts.user, parts.scheme) = (nil, parts.scheme?.lowercased())
    while parts.path.hasSuffix("/") { parts.path.removeLast() }
    guard let url = parts.string else { throw MusicServerError.badAddress(text) }
    self.url = url
  }

  /// Logs in to what is there: Jellyfin and Lyrion say so; everything else is asked as a Subsonic server.
  ///
  /// - Throws: `MusicServerError`.
  public func connect(_ login: ServerLogin) async throws -> any MusicServer {
    let session = ServerSession(url: url)
    if try await JellyfinServer.isThere(session) { return try await JellyfinServer(session, login) }
    if try await LyrionServer.isThere(session) { return LyrionServer(session, login) }
    return try await SubsonicServer(session, login)
  }
}

/// Why another server's songs are not known.
public enum MusicServerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is no address, or says more than an address should.
  case badAddress(String)
  case passwordInAddress
  /// It tells of no songs at all.
  case empty(String)
  /// It sends on to another address.
  case moved(String, to: String)
  /// Nothing answers there, for that reason.
  case unreachable(String, String)
  /// What answers is no server of music.
  case notAServer(String, String)
  /// It does not know the user, the password or the key, in its own words.
  case refused(String, String)
  /// It answers with an error, in its own words.
  case failed(String, String)

  /// What is wrong, and what to do.
  public var description: String {
    // Some servers end their words with a full stop.
    func plain(_ reason: String) -> String { reason.hasSuffix(".") ? String(reason.dropLast()) : reason }
    return switch self {
    case .badAddress(let text): "“\(text)” is no address of a server, such as http://anna@nas:4533."
    case .passwordInAddress:
      "The address has a password in it, which other users of this machine could read: give it on standard input."
    case .empty(let url):
      "\(url) tells of no songs: perhaps it is still looking for them, or this user may see none. What was matched before stays."
    case .moved(let url, let other): "\(url) sends on to \(other): give the address that it means."
    case .unreachable(let url, let reason): "Nothing answers at \(url): \(reason). Check the address and the port."
    case .notAServer(let url, let reason):
      "\(url) does not answer as a Subsonic, Jellyfin or Lyrion server: \(reason). Check the address, and the path in it."
    case .refused(let url, let reason):
      "\(url) refuses the login: \(plain(reason)). Check the user, and the password or the key."
    case .failed(let url, let reason): "\(url) answers with an error: \(plain(reason))."
    }
  }
}
