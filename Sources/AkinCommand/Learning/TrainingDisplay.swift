import MetricLearning
import Training

/// Shows a training: a line of progress on a terminal, and a line for each epoch unless `showsEpochs` is false.
struct TrainingDisplay {
  let terminal: Terminal
  let showsEpochs: Bool
  private var trainingStart: ContinuousClock.Instant?
  private let preparationStart = ContinuousClock.now
  private var songsAtStart = 0
  private var validationMAP: Double?

  init(terminal: Terminal, showsEpochs: Bool = true) {
    self.terminal = terminal
    self.showsEpochs = showsEpochs
  }

  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .preparing(let done, let total):
      terminal.progress("preparing " + Rate(done: done, total: total, since: preparationStart).text(of: "songs"))
    case .skipped(let path, let reason):
      terminal.warn(leftOut: path, reason)
    case .resumed(let epochs):
      terminal.note("going on after epoch \(epochs) of an interrupted training")
    case .progress(let progress, let phase):
      show(progress, phase)
    case .epoch(let record, let phase):
      validationMAP = record.validationMAP
      if showsEpochs { terminal.note(Self.text(record, phase)) }
    }
  }

  private mutating func show(_ progress: TrainingProgress, _ phase: TrainingConfiguration.Phase) {
    guard let start = trainingStart else {
      // The first batch touches new memory, which would distort the rate.
      trainingStart = .now
      songsAtStart = progress.songs
      return
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let rate = seconds > 0 ? Double(progress.songs - songsAtStart) / seconds : 0
    let batchesLeft = (phase.epochs - progress.epoch + 1) * progress.batchCount - progress.batch
    let songsPerBatch = Double(progress.songs) / Double(max(1, progress.batchesDone))
    // Kept short, to fit on a line of 80 characters.
    var text = "\(phase.objective) \(progress.epoch)/\(phase.epochs)"
    if let loss = progress.loss { text += ", loss \(decimal(loss, 3))" }
    if let fraction = progress.activeTripletFraction { text += ", \(decimal(100 * fraction, 0)) % active" }
    if let validationMAP { text += ", MAP \(decimal(validationMAP, 3))" }
    if rate > 0 {
      text += ", \(decimal(rate, 0)) songs/s, ≤ \(Rate.duration(Double(batchesLeft) * songsPerBatch / rate)) left"
    }
    terminal.progress(text)
  }

  private static func text(_ record: EpochRecord, _ phase: TrainingConfiguration.Phase) -> String {
    var text = "\(phase.objective) epoch \(record.epoch): loss \(record.loss.map { decimal($0, 4) } ?? "–")"
    if let accuracy = record.accuracy { text += ", \(decimal(100 * accuracy, 0)) % right" }
    if let count = record.tripletCount {
      text += ", \(decimal(100 * (record.activeTripletFraction ?? 0), 0)) % of \(count) triplets active"
    }
    if let map = record.validationMAP { text += ", validation MAP \(decimal(map, 3))" }
    if record.collapse != nil { text += ", collapsed" }
    return text
  }
}
