import Synchronization

/// Values by their keys, as long as what they were made of does not change.
final class Remembered: Sendable {
  private let known = Mutex<(stamp: [Int64], values: [String: any Sendable])>(([], [:]))

  /// More make room for others, all at once: what is asked for often is soon back.
  private static let most = 4096

  /// The value that was made of what has this stamp; nil if there is none.
  func value<Value: Sendable>(_ key: String, stamp: [Int64]) -> Value? {
    known.withLock { $0.stamp == stamp ? $0.values[key] as? Value : nil }
  }

  /// Keeps a value. The stamp is of before it was made.
  func remember(_ value: some Sendable, as key: String, stamp: [Int64]) {
    known.withLock { known in
      if known.stamp != stamp || known.values.count >= Self.most { known = (stamp, [:]) }
      known.values[key] = value
    }
  }
}
