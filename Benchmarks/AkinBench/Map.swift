import ArgumentParser
import Foundation
import NearestNeighbors

/// t-SNE; run by tsne.py.
struct Map: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The whole of a map in two dimensions: its seconds, divergence and coordinates.")

  @Option(help: "Vectors as raw 32-bit floats, little-endian, one after the other.")
  var vectors: String

  @Option(help: "The length of a vector.")
  var dimension: Int

  @Option(help: "The perplexity.")
  var perplexity = 30.0

  @Option(help: "The limit of steps.")
  var iterations = 1000

  @Option(help: "What random choices derive from.")
  var seed: UInt64 = 0

  @Option(help: "Threads.")
  var threads = 1

  @Flag(help: "Cosine distance instead of Euclidean.")
  var cosine = false

  @Option(help: "exact, interpolated, or automatic.")
  var method = "automatic"

  private struct Answer: Encodable {
    var seconds: Double
    var divergence: Double
    var iterations: Int
    var coordinates: [[Float]]
  }

  func run() throws {
    let data = try Data(contentsOf: URL(filePath: vectors))
    let values = data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
    var tsne = TSNE()
    tsne.perplexity = perplexity
    tsne.iterationLimit = iterations
    tsne.metric = cosine ? .cosine : .euclidean
    tsne.randomSeed = seed
    tsne.method = method == "exact" ? .exact : method == "interpolated" ? .interpolated : .automatic
    let start = ContinuousClock.now
    let map = try tsne.map(values, count: values.count / dimension, dimension: dimension, threads: threads)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let answer = Answer(
      seconds: seconds, divergence: map.divergence, iterations: map.iterations,
      coordinates: map.coordinates.map { [$0.x, $0.y] })
    print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
  }
}
