import Catalogue
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import MusicLibrary
import NIOCore
import ServiceLifecycle
import UnixSignals

/// A library over HTTP: its page, an API in JSON, and OpenSubsonic for players. `router()` answers without a socket.
public struct AkinServer: Sendable {
  /// How it is reached.
  public struct Configuration: Sendable {
    /// The host name or address that it listens on.
    public var host: String
    /// The port; 0 for a free one.
    public var port: Int
    /// What stands before every path, such as "/akin" behind a proxy; empty for nothing.
    public var basePath: String
    /// What encrypts its connections; nil for HTTP without TLS.
    public var certificate: ServerCertificate?

    /// Where a server listens.
    ///
    /// - Parameter basePath: begins with a slash, and ends without one; or empty.
    public init(
      host: String = "127.0.0.1", port: Int = 4545, basePath: String = "", certificate: ServerCertificate? = nil
    ) {
      self.host = host
      self.port = port
      self.basePath = basePath
      self.certificate = certificate
    }

    /// Whether only this machine reaches it.
    public var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }

    /// An address by which others reach this machine; nil if there is none.
    private static var addressInNetwork: String? {
      let addresses = (try? System.enumerateDevices())?.compactMap { $0.address?.ipAddress } ?? []
      return addresses.first { $0.contains(".") && !$0.hasPrefix("127.") && !$0.hasPrefix("169.254.") }
    }

    /// The address, to be opened in a browser: of a server that listens everywhere, the first of this machine's.
    public func url(port: Int) -> String {
      let host = ["0.0.0.0", "::"].contains(host) ? Self.addressInNetwork ?? host : host
      return (certificate == nil ? "http" : "https")
        + "://\(host.contains(":") ? "[\(host)]" : host):\(port)\(basePath)/"
    }
  }

  /// How long a connection may be silent between requests, or in the middle of one.
  private static let longestSilence = TimeAmount.seconds(60)

  private let library: ServedLibrary
  private let configuration: Configuration
  private let queues = Queues()
  private let map: ServedMap
  private let quality: ServedQuality
  private let indexing: ServedIndexing
  private let door: Doorkeeper
  private let nowPlaying = NowPlaying()
  private let covers = Covers()
  /// More listeners at once do without converting.
  private let slots = TranscodingSlots(50)
  private let metrics = ServerMetrics()

  /// A server of a library. It asks for a login if there are users, or if others than this machine reach it.
  public init(_ library: ServedLibrary, configuration: Configuration = Configuration()) {
    self.init(library, configuration: configuration, attempts: LoginAttempts())
  }

  package init(_ library: ServedLibrary, configuration: Configuration, attempts: LoginAttempts) {
    door = Doorkeeper(
      Accounts(library.catalogue), isLoopback: configuration.isLoopback, isEncrypted: configuration.certificate != nil,
      attempts: attempts)
    self.library = library
    self.configuration = configuration
    map = ServedMap(library)
    quality = ServedQuality(library)
    indexing = ServedIndexing(library)
  }

  /// What answers requests.
  package func router() -> Router<ServerContext> {
    let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: MetricsMiddleware(metrics: metrics))
    router.add(middleware: SafetyMiddleware(door: door, basePath: configuration.basePath))
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: LoginMiddleware(door: door, basePath: configuration.basePath))
    let root = configuration.basePath.isEmpty ? router.group() : router.group(RouterPath(configuration.basePath))
    PageFiles.addRoutes(to: root, basePath: configuration.basePath)
    root.get("health") { _, _ in
      try await library.run { _ in
        try library.catalogue.checkPlace("answer")
        return "ok\n"
      }
    }
    MetricsRoute(library: library, metrics: metrics, slots: slots, indexing: indexing).add(to: root)
    AudioMuseRoutes(library: library).add(to: root)
    SubsonicRoutes(
      library: library, indexing: indexing, door: door, nowPlaying: nowPlaying, covers: covers, slots: slots
    ).add(to: root)
    let api = root.group("api/v1")
    SessionRoutes(door: door).add(to: api)
    StatusRoutes(library: library).add(to: api)
    BrowsingRoutes(library: library).add(to: api)
    RecommendationRoutes(library: library).add(to: api)
    ListeningRoutes(library: library, queues: queues).add(to: api)
    OddOneOutRoutes(library: library).add(to: api)
    MediaRoutes(library: library, covers: covers, slots: slots).add(to: api)
    map.add(to: api)
    quality.add(to: api)
    indexing.add(to: api)
    return router
  }

  /// Serves until the task is cancelled, or a signal ends it.
  ///
  /// - Parameter started: Is told the address once connections are accepted.
  public func run(logger: Logger, started: @escaping @Sendable (String) -> Void) async throws {
    let configuration = configuration
    let connections = OpenFiles.raiseLimit()
    library.warmUp()
    let http = HTTPServerBuilder.http1(configuration: .init(idleTimeout: Self.longestSilence))
    let application = Application(
      router: router(),
      server: try configuration.certificate.map { try .tls(http, tlsConfiguration: $0.configuration) } ?? http,
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port), serverName: "akin",
        availableConnectionsDelegate: MaximumAvailableConnections(connections)),
      onServerRunning: { channel in
        started(configuration.url(port: channel.localAddress?.port ?? configuration.port))
      }, logger: logger)
    // What is being answered is answered to its end, but a song that plays for an hour does not keep the server.
    var group = ServiceGroupConfiguration(
      services: [.init(service: application)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(3)
    do { try await ServiceGroup(configuration: group).run() } catch let error as IOError {
      throw AddressError(host: configuration.host, port: configuration.port, code: error.errnoCode)
    }
  }
}
