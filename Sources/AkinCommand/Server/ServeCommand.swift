import AkinServer
import ArgumentParser
import Catalogue
import Foundation
import Logging

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "The collection in a browser, and for other programs over HTTP.",
    discussion: """
      Prints its address and serves until Ctrl-C: the page, an API in JSON below /api/v1 (described by \
      /api/v1/openapi.json), and OpenSubsonic for players. Only this machine reaches it, unless --host says otherwise; \
      then there has to be a user (`akin user add NAME`). A library that changes meanwhile is noticed.
      """)

  @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
  var host = "127.0.0.1"
  @Option(help: ArgumentHelp("The port; 0 for a free one.", valueName: "number"))
  var port = 4545
  @Option(help: ArgumentHelp("What stands before every path, behind a proxy: /akin.", valueName: "path"))
  var basePath = ""
  @Option(
    help: ArgumentHelp("Serve by HTTPS, with this certificate in PEM, such as fullchain.pem.", valueName: "file"))
  var certificate: String?
  @Option(
    help: ArgumentHelp(
      "The certificate's private key in PEM (default: in the certificate's file).", valueName: "file"))
  var certificateKey: String?

  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var notes: QuietOptions

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port lies between 0 and 65535.") }
    let parts = basePath.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    let isPath =
      basePath.hasPrefix("/") && parts.allSatisfy { !["", ".", ".."].contains($0) }
      && !basePath.contains { "?#%:\\ ".contains($0) || $0.isNewline }
    guard basePath.isEmpty || isPath else {
      throw ValidationError("--base-path begins with a slash and ends without one, such as /akin.")
    }
    guard certificateKey == nil || certificate != nil else {
      throw ValidationError("--certificate-key is the key of a certificate: name it with --certificate.")
    }
  }

  func run() throws {
    let terminal = notes.terminal
    // A name that is mistyped would look like an empty library.
    let catalogue = try library.file == nil ? library.open() : library.openRequiredToWrite()
    guard try AkinServer.Configuration(host: host).isLoopback || !Accounts(catalogue).names().isEmpty else {
      throw ValidationError(
        "--host \(host): others reach the server there, and have to log in: add a user with `akin user add NAME` first."
      )
    }
    let tls = try certificate.map { try ServerCertificate(file: $0, keyFile: certificateKey ?? $0) }
    try Self.serve(
      ServedLibrary(catalogue, model: model.name) { terminal.warn($0) },
      AkinServer.Configuration(host: host, port: port, basePath: basePath, certificate: tls)
    ) { _ in
    }
  }

  /// Prints the address, and serves until a signal ends it.
  ///
  /// - Parameter started: Is told the address once connections are accepted.
  static func serve(
    _ library: ServedLibrary, _ configuration: AkinServer.Configuration,
    started: @escaping @Sendable (_ address: String) -> Void
  ) throws {
    let server = AkinServer(library, configuration: configuration)
    var logger = Logger(label: "akin", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .error
    try Blocking.run { [logger] in
      try await server.run(logger: logger) { address in
        StandardOutput.write(address)
        fflush(nil)
        started(address)
      }
    }
  }
}
