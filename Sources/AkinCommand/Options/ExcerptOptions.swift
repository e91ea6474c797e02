import ArgumentParser
import SongModels

/// How much of each song is heard.
struct ExcerptOptions: ParsableArguments {
  @Option(
    name: .customLong("excerpts"),
    help: ArgumentHelp(
      """
      Hear so many excerpts of a song, spread over it, as many as fit: 1, the middle, to \(Excerpts.counts.upperBound) \
      (default: as the model does, for most the middle 30 s).
      """, valueName: "count"))
  var count: Int?

  /// As many as were asked for; nil for as many as the model hears anyway.
  var chosen: Excerpts? { count.map { Excerpts(count: $0) } }

  func validate() throws {
    if let count, !Excerpts.counts.contains(count) {
      throw ValidationError("--excerpts must be in \(Excerpts.counts), not \(count).")
    }
  }
}
