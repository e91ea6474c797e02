import Foundation

/// A Lyrion Music Server (once Logitech Media Server), asked in JSON-RPC.
struct LyrionServer: MusicServer {
  static let kind = "lyrion"

  private let session: ServerSession
  private let login: ServerLogin
  private static let pageLength = 1000

  init(_ session: ServerSession, _ login: ServerLogin) {
    self.session = session
    self.login = login
  }

  /// Whether a Lyrion server answers. Others are not told the password: one with a password asks for it in its own way.
  static func isThere(_ session: ServerSession) async throws -> Bool {
    let answer = try await LyrionServer(session, .none).ask(["version", "?"])
    return answer.asksForPassword || answer.decoded(Answer<Version>.self)?.result._version != nil
  }

  private struct Answer<Result: Decodable>: Decodable { let result: Result }
  private struct Version: Decodable { let _version: String? }
  private struct Titles: Decodable { let titles_loop: [Title]? }

  private struct Title: Decodable {
    let id, tracknum, disc, duration, artist_id: LenientNumber?
    let title, artist, album, albumartist, url: String?

    var known: ServerSong? {
      guard let id = id?.integer else { return nil }
      let artistID = artist_id?.integer.map(String.init)
      return ServerSong(
        id: String(id), title: title ?? "", artists: artist.map { [ServerSong.Artist(id: artistID, name: $0)] } ?? [],
        album: album, albumArtist: albumartist, disc: disc?.integer, track: tracknum?.integer,
        duration: duration?.value,
        path: url.flatMap(URL.init(string:)).flatMap { $0.isFileURL ? $0.path(percentEncoded: false) : nil })
    }
  }

  /// The call of a method with a player, here none, and words.
  private struct Call: Encodable {
    let words: [String]
    enum CodingKeys: String, CodingKey { case id, method, params }

    func encode(to encoder: any Encoder) throws {
      var object = encoder.container(keyedBy: CodingKeys.self)
      try object.encode(1, forKey: .id)
      try object.encode("slim.request", forKey: .method)
      var parameters = object.nestedUnkeyedContainer(forKey: .params)
      try parameters.encode("")
      try parameters.encode(words)
    }
  }

  private func ask(_ words: [String]) async throws -> ServerSession.Answer {
    var headers: [String: String] = [:]
    if case .password(let user, let password) = login {
      headers["Authorization"] = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }
    return try await session.ask("/jsonrpc.js", headers: headers, json: Call(words: words))
  }

  func songs(progress: (Int) -> Void) async throws -> [ServerSong] {
    var (songs, asked): ([ServerSong], Int) = ([], 0)
    while true {
      // a: artist, d: duration, i: disc, l: album, s: the artist's number, t: number on the disc, u: address
      let answer = try await ask(["titles", "\(asked)", "\(Self.pageLength)", "tags:adilstu"])
      guard let page = answer.decoded(Answer<Titles>.self) else {
        throw MusicServerError.failed(session.url, "the songs are asked for, and the status is \(answer.status)")
      }
      let titles = page.result.titles_loop ?? []
      songs += titles.compactMap(\.known)
      asked += titles.count
      progress(songs.count)
      if titles.isEmpty { return songs }
    }
  }
}
