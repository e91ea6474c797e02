import Crypto
import Foundation

/// A server that speaks Subsonic's protocol, such as Navidrome, gonic, supysonic, or Akin.
struct SubsonicServer: MusicServer {
  static let kind = "subsonic"

  private let session: ServerSession
  private let login: ServerLogin
  private var knowsTokens = true
  private static let version = "1.16.1"
  private static let pageLength = 500

  /// Logs in.
  init(_ session: ServerSession, _ login: ServerLogin) async throws {
    self.session = session
    self.login = login
    let first = try await attempt("ping", credentials(asToken: true))
    knowsTokens = first.error.map { !Self.noTokens.contains($0.code) } ?? true
    _ = try await ask("ping")
  }

  // MARK: - Answers

  private struct Envelope: Decodable {
    let answer: Answer
    enum CodingKeys: String, CodingKey { case answer = "subsonic-response" }
  }

  private struct Answer: Decodable {
    let status: String
    let error: Failure?
    let searchResult3: Found?
    let musicFolders: Folders?
    let indexes: Indexes?
    let directory: Directory?
  }

  private struct Failure: Decodable {
    let code: Int
    let message: String?
  }
  private struct Found: Decodable { let song: [Song]? }
  private struct Folders: Decodable {
    let musicFolder: [Folder]?
    struct Folder: Decodable { let id: Identifier }
  }
  private struct Indexes: Decodable {
    let index: [Index]?
    let child: [Song]?
    struct Index: Decodable { let artist: [Entry]? }
    struct Entry: Decodable { let id: Identifier }
  }
  private struct Directory: Decodable { let child: [Song]? }

  /// Some servers have numbers, others texts.
  private struct Identifier: Decodable {
    let text: String
    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int64.self) {
        text = String(number)
      } else {
        text = try value.decode(String.self)
      }
    }
  }

  private struct Song: Decodable {
    let id: Identifier
    let title, name, artist, album, path: String?
    let artistId: Identifier?
    let track, discNumber, duration: LenientNumber?
    let isDir: Bool?
    let artists: [Named]?
    let albumArtists: [Named]?
    let displayAlbumArtist: String?
    struct Named: Decodable {
      let id: Identifier?
      let name: String?
      var artist: ServerSong.Artist? { name.map { ServerSong.Artist(id: id?.text, name: $0) } }
    }

    var known: ServerSong {
      ServerSong(
        id: id.text, title: title ?? name ?? "",
        artists: [artist.map { ServerSong.Artist(id: artistId?.text, name: $0) }].compactMap(\.self)
          + (artists ?? []).compactMap(\.artist), album: album,
        albumArtist: displayAlbumArtist ?? albumArtists?.first?.name, disc: discNumber?.integer,
        track: track?.integer, duration: duration?.value, path: path)
    }
  }

  /// The error codes of servers that know no tokens: since they do not know the passwords themselves, or are older than
  /// tokens, and miss the password.
  private static let noTokens: Set = [41, 10]
  /// Those that say that a user, a password or a key is wrong, or may not do this.
  private static let refusals: Set = [40, 41, 42, 43, 44, 50]

  private func ask(_ name: String, _ parameters: [(String, String)] = []) async throws -> Answer {
    try await answer(to: name, parameters + credentials(asToken: knowsTokens))
  }

  /// What a server says to a call, as long as it says no error.
  private func answer(to name: String, _ parameters: [(String, String)]) async throws -> Answer {
    let answer = try await attempt(name, parameters)
    if answer.status == "ok" { return answer }
    let (code, reason) = (answer.error?.code ?? 0, answer.error?.message ?? "no reason is given at “\(name)”")
    throw Self.refusals.contains(code)
      ? MusicServerError.refused(session.url, reason) : .failed(session.url, reason)
  }

  private func attempt(_ name: String, _ parameters: [(String, String)]) async throws -> Answer {
    let query = parameters + [("v", Self.version), ("c", "akin"), ("f", "json")]
    let answer = try await session.ask("/rest/\(name).view", query: query)
    guard let told = answer.decoded(Envelope.self) else {
      throw MusicServerError.notAServer(
        session.url, "what it says to “\(name)”, with the status \(answer.status), is not in the protocol")
    }
    return told.answer
  }

  private func credentials(asToken: Bool) -> [(String, String)] {
    switch login {
    case .none: return []
    case .apiKey(let key): return [("apiKey", key)]
    case .password(let user, let password) where asToken:
      let salt = (0..<4).map { _ in String(UInt16.random(in: 0x1000 ... .max), radix: 16) }.joined()
      let digest = Insecure.MD5.hash(data: Data((password + salt).utf8))
      return [("u", user), ("t", Self.hex(digest)), ("s", salt)]
    case .password(let user, let password):
      return [("u", user), ("p", "enc:" + Self.hex(password.utf8))]
    }
  }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  // MARK: - Songs

  func songs(progress: (Int) -> Void) async throws -> [ServerSong] {
    let found = try await searched(progress)
    // Older servers find nothing if no words are given.
    return found.isEmpty ? try await browsed(progress) : found
  }

  private func searched(_ progress: (Int) -> Void) async throws -> [ServerSong] {
    var (songs, ids): ([ServerSong], Set<String>) = ([], [])
    while true {
      let answer = try await ask(
        "search3",
        [
          ("query", ""), ("songCount", "\(Self.pageLength)"), ("songOffset", "\(songs.count)"), ("artistCount", "0"),
          ("albumCount", "0"),
        ])
      // A server that knows no pages gives the same songs again.
      let new = (answer.searchResult3?.song ?? []).map(\.known).filter { ids.insert($0.id).inserted }
      songs += new
      progress(songs.count)
      if new.isEmpty { return songs }
    }
  }

  private func browsed(_ progress: (Int) -> Void) async throws -> [ServerSong] {
    var songs: [ServerSong] = []
    for folder in try await ask("getMusicFolders").musicFolders?.musicFolder ?? [] {
      let indexes = try await ask("getIndexes", [("musicFolderId", folder.id.text)]).indexes
      songs += (indexes?.child ?? []).map(\.known)
      var waiting = (indexes?.index ?? []).flatMap { $0.artist ?? [] }.map(\.id.text)
      var seen = Set(waiting)
      while let id = waiting.popLast() {
        for child in try await ask("getMusicDirectory", [("id", id)]).directory?.child ?? [] {
          if child.isDir != true {
            songs.append(child.known)
          } else if seen.insert(child.id.text).inserted {
            waiting.append(child.id.text)
          }
        }
        progress(songs.count)
      }
    }
    return songs
  }
}
