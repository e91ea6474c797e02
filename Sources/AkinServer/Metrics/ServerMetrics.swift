import HTTPTypes
import Hummingbird
import Synchronization

/// What the server counts of the requests that it answers, in the form that Prometheus reads (text format 0.0.4).
final class ServerMetrics: Sendable {
  /// Requests of one kind. A route is a pattern, so that there are only so many of them.
  private struct Kind: Hashable {
    let method, route: String
  }

  fileprivate struct Durations {
    var statuses: [Int: Int] = [:]
    /// How many took at most as long as each of the bounds.
    var counts = Array(repeating: 0, count: ServerMetrics.bounds.count)
    var sum = 0.0
    var total = 0
  }

  private struct State {
    var kinds: [Kind: Durations] = [:]
    var running = 0
  }

  private let state = Mutex(State())

  /// In seconds.
  fileprivate static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .options]

  /// Counts a request from now until it has an answer, which may go on being sent.
  ///
  /// - Parameter route: Is asked once there is an answer; nil if no route matched.
  func counted(
    _ method: HTTPRequest.Method, route: () -> String?, _ answer: () async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    state.withLock { $0.running += 1 }
    defer { state.withLock { $0.running -= 1 } }
    let response = try await answer()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    // Methods of a client's own invention would fill the memory.
    let kind = Kind(method: Self.methods.contains(method) ? method.rawValue : "other", route: route() ?? "none")
    state.withLock { state in
      state.kinds[kind, default: Durations()].add(seconds, status: response.status.code)
    }
    return response
  }

  /// What was counted.
  var text: String {
    let (kinds, running) = state.withLock { ($0.kinds, $0.running) }
    let sorted = kinds.sorted { ($0.key.route, $0.key.method) < ($1.key.route, $1.key.method) }
    var page = MetricsPage()
    page.begin("akin_http_requests_total", .counter, "Requests that were answered.")
    for (kind, durations) in sorted {
      for (status, count) in durations.statuses.sorted(by: { $0.key < $1.key }) {
        page.add(Double(count), [("method", kind.method), ("route", kind.route), ("status", "\(status)")])
      }
    }
    page.begin("akin_http_request_duration_seconds", .histogram, "How long it took until an answer began.")
    for (kind, durations) in sorted {
      let labels = [("method", kind.method), ("route", kind.route)]
      for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], durations.counts + [durations.total]) {
        page.add(Double(count), labels + [("le", bound)], suffix: "_bucket")
      }
      page.add(durations.sum, labels, suffix: "_sum")
      page.add(Double(durations.total), labels, suffix: "_count")
    }
    page.begin("akin_http_requests_running", .gauge, "Requests that have no answer yet.")
    page.add(Double(running))
    return page.text
  }
}

extension ServerMetrics.Durations {
  fileprivate mutating func add(_ seconds: Double, status: Int) {
    statuses[status, default: 0] += 1
    for (index, bound) in ServerMetrics.bounds.enumerated() where seconds <= bound { counts[index] += 1 }
    sum += seconds
    total += 1
  }
}

/// A text of metrics.
struct MetricsPage {
  enum Kind: String { case counter, gauge, histogram }

  private(set) var text = ""
  private var name = ""

  /// Begins a metric.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// Adds a value to the metric that was begun.
  mutating func add(_ value: Double, _ labels: [(String, String)] = [], suffix: String = "") {
    let inside = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    text += "\(name)\(suffix)\(inside.isEmpty ? "" : "{\(inside)}") \(value)\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}

/// Counts every request.
struct MetricsMiddleware: RouterMiddleware {
  typealias Context = ServerContext

  let metrics: ServerMetrics

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    try await metrics.counted(request.method, route: { context.endpointPath }) { try await next(request, context) }
  }
}
