import ArgumentParser
import Reproducibility

/// How many threads work.
struct JobsOptions: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: "How many threads work; no result depends on it (default: the number of processors).")
  var jobs: Int?

  var count: Int { jobs ?? Parallel.processorCount }

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs must lie in 1...1024") }
  }
}
