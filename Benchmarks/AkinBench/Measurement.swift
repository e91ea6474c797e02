import ArgumentParser
import Foundation

/// What every command is told.
struct MeasuringOptions: ParsableArguments {
  @Option(help: "How long to measure, in seconds; what is measured is done twice at least, of many files once.")
  var seconds = 2.0

  @Option(help: "Threads.")
  var threads = 1

  @Flag(help: "Measure what the machine would take at least, instead of what Akin takes.")
  var limit = false
}

/// What a command prints.
struct Measurement: Encodable {
  /// Seconds for one item: a clip, a song, a query.
  var seconds: Double

  func print() throws {
    Swift.print(String(decoding: try JSONEncoder().encode(self), as: UTF8.self))
  }

  /// Repeats `work`, which does `items` items, at least `least` times, after as many that do not count: caches fill,
  /// memory is mapped, the processor speeds up.
  static func repeating(
    items: Int, least: Int = 2, options: MeasuringOptions, _ work: () throws -> Void
  ) rethrows -> Measurement {
    for _ in 0..<least { try work() }
    var count = 0
    let start = ContinuousClock.now
    var elapsed = Duration.zero
    while elapsed < .seconds(options.seconds) || count < least {
      try work()
      count += 1
      elapsed = start.duration(to: .now)
    }
    return Measurement(seconds: elapsed / .seconds(1) / Double(count * items))
  }
}
