import Foundation

/// How fast work goes, and how long it will still take.
struct Rate {
  private let done: Int
  private let total: Int
  private let perSecond: Double

  init(done: Int, total: Int, since start: ContinuousClock.Instant) {
    self.done = done
    self.total = total
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    perSecond = seconds > 0 ? Double(done) / seconds : 0
  }

  /// "120 of 250 songs, 30.1 a second, 4 s left"
  func text(of things: String) -> String {
    guard perSecond > 0 else { return "\(done) of \(total) \(things)" }
    return "\(done) of \(total) \(things), \(decimal(perSecond, 1)) a second, \(Self.duration(remaining)) left"
  }

  private var remaining: Double { Double(total - done) / perSecond }

  /// "45 s", "3 min 20 s", "2 h 5 min"
  static func duration(_ seconds: Double) -> String {
    guard abs(seconds) < 1e9 else { return "unknown time" }
    let whole = max(0, Int(seconds.rounded()))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
