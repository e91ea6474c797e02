import ArgumentParser
import Catalogue
import Foundation
import MusicServers

struct SyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Learn which songs of another server are these, so that it can ask by its own names.",
    discussion: """
      Logs in to a Subsonic server (such as Navidrome), to Jellyfin or to Lyrion as a player does, reads the names of \
      its songs, and matches them with this library: by path, or by title, artist, album, disc, track and duration. \
      Then `akin serve` answers the AudioMuse-AI plugins of that server. Run it again when either collection changes. \
      Without an address it prints the servers that are known.

        akin sync http://anna@nas:4533            reads the password from standard input
        akin sync http://nas:8096 --api-key       reads an API key instead
      """)

  @Argument(help: ArgumentHelp("The server's address.", valueName: "address"))
  var address: String?
  @Option(help: ArgumentHelp("Who logs in, if the address does not say it.", valueName: "name"))
  var user: String?
  @Flag(help: "Log in with an API key, read from standard input.")
  var apiKey = false
  @Flag(help: "Log in with nothing: Lyrion needs no user unless you gave it one.")
  var noLogin = false
  @Flag(help: "Forget the server.")
  var forget = false

  @OptionGroup var library: LibraryOptions
  @OptionGroup var notes: QuietOptions

  func validate() throws {
    guard [apiKey, noLogin, forget].count(where: \.self) < 2 else {
      throw ValidationError("--api-key, --no-login and --forget exclude each other.")
    }
    guard address != nil || !(apiKey || noLogin || forget || user != nil) else {
      throw ValidationError("Which server? Its address is missing, such as http://anna@nas:4533.")
    }
  }

  func run() throws {
    guard let address else { return try printServers() }
    let server = try ServerAddress(address)
    if forget {
      guard try library.openRequiredToWrite().forgetOtherServer(server.url) else {
        throw ValidationError("\(server.url) is not known. `akin sync` prints the servers that are.")
      }
      return notes.terminal.note("forgot \(server.url)")
    }
    let catalogue = try library.openRequiredToWrite()
    let tracks = try catalogue.tracks()
    let (terminal, login) = (notes.terminal, try login(at: server))
    let (kind, songs) = try Blocking.run {
      let server = try await server.connect(login)
      return (
        server.kind,
        try await server.songs { terminal.progress("\($0) songs are there") }
      )
    }
    terminal.endProgress()
    if songs.isEmpty { throw MusicServerError.empty(server.url) }
    let matching = SongMatching(of: songs, with: tracks)
    try catalogue.store(
      otherServer: server.url, kind: kind,
      names: Catalogue.OtherNames(songs: matching.songs, artists: matching.artists), time: Date().timeIntervalSince1970)
    try warnOfOthers(with: matching.songs, than: server, in: catalogue, terminal: terminal)
    try report(matching, of: songs.count, kind: kind, terminal: terminal)
  }

  private func login(at server: ServerAddress) throws -> ServerLogin {
    if noLogin { return .none }
    if apiKey { return .apiKey(try SecretInput.read("API key")) }
    guard let name = user ?? server.user else {
      throw ValidationError("Who logs in? Name a user, as in http://anna@nas:4533, or give --api-key or --no-login.")
    }
    return .password(user: name, try SecretInput.read("password"))
  }

  /// Says it if other servers use the same names for other songs.
  private func warnOfOthers(
    with songs: [String: TrackID], than server: ServerAddress, in catalogue: Catalogue, terminal: Terminal
  ) throws {
    for other in try catalogue.otherServers() where other.address != server.url {
      let known = try catalogue.names(inOtherServer: other.id).songs
      let count = songs.count { name, song in known[name].map { $0 != song } ?? false }
      guard count > 0 else { continue }
      terminal.warn(
        """
        \(other.address) has the same names for \(count) other songs: whoever asks by these is answered for this server, \
        which was matched last. Let each of the two ask an `akin serve` with a library of its own.
        """)
    }
  }

  /// How many are named; the others are counted.
  private static let mostNamed = 20

  private func report(_ matching: SongMatching, of count: Int, kind: String, terminal: Terminal) throws {
    let means = SongMatching.Means.allCases.compactMap { means in
      matching.counts[means].map { "\($0) by \(means.rawValue)" }
    }
    StandardOutput.write(
      "\(matching.songs.count) of \(count) songs of the \(kind) server are in the library"
        + (means.isEmpty ? "" : ": " + means.joined(separator: ", ")))
    for song in matching.missing.prefix(Self.mostNamed) {
      terminal.warn(
        "not in the library: \(visible(song.path ?? [song.artists.first?.name, song.title].compactMap(\.self).joined(separator: " - ")))"
      )
    }
    if matching.missing.count > Self.mostNamed { terminal.warn("and \(matching.missing.count - Self.mostNamed) more") }
    if !matching.missing.isEmpty { throw ExitCode.doneInPart }
  }

  private func printServers() throws {
    guard let catalogue = try library.openExisting() else { return }
    var table = Table(header: ["server", "kind", "songs", "matched"], alignments: [.left, .left, .right, .left])
    let servers = try catalogue.otherServers()
    for server in servers {
      table.add([
        server.address, server.kind, "\(server.songCount)",
        Date(timeIntervalSince1970: server.synced).formatted(.iso8601),
      ])
    }
    if !servers.isEmpty { StandardOutput.write(table.text) }
  }
}
