/// What has changed below the folders that are watched, and whether it is time to look.
///
/// Changes often come in storms: it waits until they are over, and until files that are being written are closed, but not
/// forever.
package struct ChangeLog {
  package typealias Instant = ContinuousClock.Instant

  /// How long nothing has to happen before it is time.
  static let settling = Duration.seconds(2)
  /// A file that is open but was not written to for so long is taken for complete.
  static let stalling = Duration.seconds(10)
  /// How long a storm may last until what is complete is looked at.
  static let patience = Duration.seconds(60)

  private var first: Instant?
  private var last: Instant?
  /// When files that were not closed since were last written to.
  private var writing: [String: Instant] = [:]

  /// Nothing has changed yet.
  package init() {}

  /// Something happened to a file or a folder, or to what nobody knows.
  package mutating func noteChange(at now: Instant) {
    first = first ?? now
    last = now
  }

  /// A file is being written.
  package mutating func noteWriting(_ path: String, at now: Instant) {
    writing[path] = now
    noteChange(at: now)
  }

  /// A file was closed by its writer, or is gone, or came as a whole.
  package mutating func noteComplete(_ path: String, at now: Instant) {
    writing[path] = nil
    noteChange(at: now)
  }

  /// Whether it is time to look.
  package func isDue(at now: Instant) -> Bool {
    guard let first, let last else { return false }
    if now - first >= Self.patience || now - last >= Self.stalling { return true }
    return now - last >= Self.settling && unfinished(at: now).isEmpty
  }

  /// The files that are still being written.
  package func unfinished(at now: Instant) -> Set<String> {
    Set(writing.lazy.filter { now - $0.value < Self.stalling }.map(\.key))
  }

  /// All changes so far are looked at now. Files that are being written still are.
  package mutating func clear() { (first, last) = (nil, nil) }
}
