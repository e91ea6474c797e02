import Synchronization

/// Slows those down who try passwords: each failure is answered late, and after several for one user from one address no
/// more are looked at for a while.
package final class LoginAttempts: Sendable {
  private struct Failures {
    var count = 0
    var last: ContinuousClock.Instant
  }

  /// Who tries.
  package struct Sender: Hashable, Sendable {
    let address: String
    /// Whose password is tried; nil for API keys.
    let user: String?

    package init(address: String, user: String? = nil) {
      self.address = address
      self.user = user.map { String($0.prefix(64)) }
    }
  }

  private let failures = Mutex<[Sender: Failures]>([:])
  private let delay: Duration

  /// How many failures a sender has.
  package static let most = 10
  /// How long they are remembered after the last.
  package static let memory = Duration.seconds(300)
  /// How many senders are remembered.
  private static let mostSenders = 10_000

  package init(delay: Duration = .milliseconds(500)) { self.delay = delay }

  /// Whether what comes from a sender is looked at.
  package func mayTry(_ sender: Sender, now: ContinuousClock.Instant = .now) -> Bool {
    failures.withLock { failures in
      guard let known = failures[sender] else { return true }
      if now - known.last > Self.memory { failures[sender] = nil }
      return now - known.last > Self.memory || known.count < Self.most
    }
  }

  /// Notes a failure, and waits.
  package func fail(_ sender: Sender) async throws {
    let now = ContinuousClock.now
    failures.withLock { failures in
      if failures.count >= Self.mostSenders {
        failures = failures.filter { now - $0.value.last <= Self.memory }
        // So many at once are an attack: those that came first make room.
        if failures.count >= Self.mostSenders, let oldest = failures.min(by: { $0.value.last < $1.value.last }) {
          failures[oldest.key] = nil
        }
      }
      failures[sender, default: Failures(last: now)].count += 1
      failures[sender]?.last = now
    }
    try await Task.sleep(for: delay)
  }

  /// Forgets the failures of one who knows the password after all.
  func succeed(_ sender: Sender) { failures.withLock { $0[sender] = nil } }
}
