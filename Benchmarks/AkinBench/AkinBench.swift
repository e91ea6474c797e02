import ArgumentParser

/// Akin's side of the benchmarks: each command measures one piece of work inside the process and prints seconds for one
/// item of it as JSON. `bench.py` runs them in turns with the peers' side, `peers.py`.
@main
struct AkinBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "akin-bench", abstract: "Measures Akin's inner loops; run by Benchmarks/bench.py.",
    subcommands: [
      Machine.self, Training.self, Embedding.self, LogMel.self, Decoding.self, Digests.self, Search.self,
      Kernels.self, Map.self, Compose.self, Lengthen.self, Copies.self, Pieces.self,
    ])
}
