import MusicLibrary

/// Says on standard error what an indexing does.
struct IndexReporter {
  private var model: String
  private let terminal: Terminal
  private var start = ContinuousClock.now
  /// What was left out in this turn and in the one before, which is not said again.
  private var (leftOut, leftOutBefore): (Set<String>, Set<String>) = ([], [])
  private var turn = 0

  init(model: String, terminal: Terminal) {
    self.model = model
    self.terminal = terminal
  }

  /// Another turn of a watch begins.
  mutating func begin(model: String) {
    self.model = model
    start = .now
    turn += 1
    (leftOut, leftOutBefore) = ([], leftOut)
  }

  mutating func tell(_ event: Indexer.Event) {
    switch event {
    // Of a watch's later turns, most have nothing to do.
    case .found(0, _) where turn > 1: break
    case .found(let pending, let unchanged):
      terminal.note("\(counted(pending, "song")) to listen to with \(model), \(unchanged) up to date")
    case .progress(let done, let total):
      terminal.progress(Rate(done: done, total: total, since: start).text(of: "songs"))
    case .readingTags(let done, let total):
      terminal.progress("reading tags \(done) of \(total)")
    case .comparing(let done, let total):
      terminal.progress("comparing sounds \(done) of \(total)")
    case .hearingAgain(let done, let total):
      terminal.progress("hearing songs again \(done) of \(total)")
    case .comparingFingerprints:
      terminal.progress("looking for copies")
    case .skipped(let path, let reason):
      leftOut.insert(path + "\n" + reason)
      if !leftOutBefore.contains(path + "\n" + reason) { terminal.warn(leftOut: path, reason) }
    case .noted(let path, let note):
      terminal.warn(of: [note], path)
    case .note(let text):
      terminal.warn(text)
    }
  }
}

extension Indexer.Summary {
  /// Whether the library is another one now.
  var hasChanges: Bool { added + updated + moved + forgotten + tagsRead > 0 }
}
