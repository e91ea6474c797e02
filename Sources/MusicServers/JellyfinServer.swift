import Foundation

/// A Jellyfin server.
struct JellyfinServer: MusicServer {
  static let kind = "jellyfin"

  private let session: ServerSession
  private let token: String
  private let user: String?
  private static let pageLength = 1000
  /// Jellyfin counts time in ten millionths of a second.
  private static let ticksPerSecond = 1e7

  private struct Information: Decodable {
    let ProductName: String?
    let Version: String?
  }

  /// Whether a Jellyfin server answers.
  static func isThere(_ session: ServerSession) async throws -> Bool {
    let answer = try await session.ask("/System/Info/Public")
    return answer.decoded(Information.self)?.ProductName?.lowercased().contains("jellyfin") == true
  }

  private struct Session: Decodable {
    let AccessToken: String
    let User: Person
    struct Person: Decodable { let Id: String }
  }

  /// Logs in.
  init(_ session: ServerSession, _ login: ServerLogin) async throws {
    self.session = session
    switch login {
    case .none: throw MusicServerError.refused(session.url, "Jellyfin needs a user or an API key")
    case .apiKey(let key): (token, user) = (key, nil)
    case .password(let name, let password):
      let answer = try await session.ask(
        "/Users/AuthenticateByName", headers: Self.headers(token: nil), json: ["Username": name, "Pw": password])
      guard answer.status != 401 && answer.status != 403 else {
        throw MusicServerError.refused(session.url, "the name or the password is wrong")
      }
      guard let login = answer.decoded(Session.self) else {
        throw MusicServerError.failed(session.url, "the login is answered with the status \(answer.status)")
      }
      (token, user) = (login.AccessToken, login.User.Id)
    }
  }

  private static func headers(token: String?) -> [String: String] {
    let parts = ["Client=\"Akin\"", "Device=\"akin sync\"", "DeviceId=\"akin\"", "Version=\"1\""]
    return [
      "Authorization": "MediaBrowser " + (parts + (token.map { ["Token=\"\($0)\""] } ?? [])).joined(separator: ", ")
    ]
  }

  private struct Page: Decodable {
    let Items: [Item]
  }

  private struct Item: Decodable {
    let Id: String
    let Name, Album, AlbumArtist, Path: String?
    let Artists: [String]?
    let ArtistItems: [Named]?
    let IndexNumber, ParentIndexNumber, RunTimeTicks: LenientNumber?

    var known: ServerSong {
      ServerSong(
        id: Id, title: Name ?? "",
        artists: (ArtistItems ?? []).map { ServerSong.Artist(id: $0.Id, name: $0.Name) }
          + (Artists ?? []).map { ServerSong.Artist(name: $0) }, album: Album, albumArtist: AlbumArtist,
        disc: ParentIndexNumber?.integer, track: IndexNumber?.integer,
        duration: (RunTimeTicks?.value).map { $0 / ticksPerSecond }, path: Path)
    }
  }

  private struct Named: Decodable {
    let Id, Name: String
  }

  func songs(progress: (Int) -> Void) async throws -> [ServerSong] {
    var (songs, ids, asked): ([ServerSong], Set<String>, Int) = ([], [], 0)
    while true {
      var query = [
        ("Recursive", "true"), ("IncludeItemTypes", "Audio"), ("Fields", "Path"), ("EnableImages", "false"),
        ("SortBy", "SortName"), ("StartIndex", "\(asked)"), ("Limit", "\(Self.pageLength)"),
      ]
      if let user { query.append(("userId", user)) }
      let answer = try await session.ask("/Items", query: query, headers: Self.headers(token: token))
      guard answer.status != 401 && answer.status != 403 else {
        throw MusicServerError.refused(session.url, "the key is not known, or may not read the songs")
      }
      guard let page = answer.decoded(Page.self) else {
        throw MusicServerError.failed(session.url, "the songs are asked for, and the status is \(answer.status)")
      }
      // Songs of one name have no order, so that one may be on two pages.
      songs += page.Items.map(\.known).filter { ids.insert($0.id).inserted }
      asked += page.Items.count
      progress(songs.count)
      if page.Items.isEmpty { return songs }
    }
  }
}
