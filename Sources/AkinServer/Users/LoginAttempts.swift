import Synchronization

/// Slows those down who try passwords: each failure is answered late, and after several from one address no more are
/// looked at for a while.
package final class LoginAttempts: Sendable {
  private struct Failures {
    var count = 0
    var last: ContinuousClock.Instant
  }

  private let failures = Mutex<[String: Failures]>([:])
  private let delay: Duration

  /// How many failures an address has.
  package static let most = 10
  /// How long they are remembered after the last.
  package static let memory = Duration.seconds(300)
  /// How many addresses are remembered.
  private static let mostAddresses = 10_000

  package init(delay: Duration = .milliseconds(500)) { self.delay = delay }

  /// Whether what comes from an address is looked at.
  package func mayTry(_ address: String, now: ContinuousClock.Instant = .now) -> Bool {
    failures.withLock { failures in
      guard let known = failures[address] else { return true }
      if now - known.last > Self.memory { failures[address] = nil }
      return now - known.last > Self.memory || known.count < Self.most
    }
  }

  /// Notes a failure, and waits.
  package func fail(_ address: String) async throws {
    let now = ContinuousClock.now
    failures.withLock { failures in
      if failures.count >= Self.mostAddresses {
        failures = failures.filter { now - $0.value.last <= Self.memory }
        // So many at once are an attack: those that came first make room.
        if failures.count >= Self.mostAddresses, let oldest = failures.min(by: { $0.value.last < $1.value.last }) {
          failures[oldest.key] = nil
        }
      }
      failures[address, default: Failures(last: now)].count += 1
      failures[address]?.last = now
    }
    try await Task.sleep(for: delay)
  }

  /// Forgets the failures of an address whose user knows the password after all.
  func succeed(_ address: String) { failures.withLock { $0[address] = nil } }
}
