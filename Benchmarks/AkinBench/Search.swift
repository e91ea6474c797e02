import ArgumentParser
import Foundation
import NearestNeighbors

/// Exact nearest neighbours by cosine.
struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The nearest vectors to a query, for one query.",
    discussion: """
      The limit is, of a single query, reading one byte a value from memory; of a batch, the products in \
      single precision at the processor's peak, which integer products may exceed.
      """)

  @Option(help: "Vectors as raw 32-bit floats, little-endian, one after the other.")
  var vectors: String

  @Option(help: "Queries, in the same form.")
  var queries: String

  @Option(help: "The length of a vector.")
  var dimension = 60

  @Option(help: "How many neighbours.")
  var count = 10

  @Option(help: "Queries at a time.")
  var batch = 1

  @OptionGroup var measuring: MeasuringOptions

  /// Rows of the vectors, and of the neighbours that the first queries have.
  private struct Answers: Encodable {
    var seconds: Double
    var neighbors: [[Int]]
  }

  func run() throws {
    let vectors = try read(vectors)
    let rows = vectors.count / dimension
    if measuring.limit {
      let seconds =
        batch == 1
        ? Double(vectors.count) / MachineLimits.reading(threads: measuring.threads)
        : 2 * Double(vectors.count) / MachineLimits.multiplyAdds(threads: measuring.threads)
      return try Measurement(seconds: seconds).print()
    }
    let index = try CosineIndex(ids: Array(0..<rows), dimension: dimension, vectors: vectors)
    let queries = try read(queries)
    let queryCount = queries.count / dimension
    var next = 0
    let measurement = try Measurement.repeating(items: batch, options: measuring) {
      let chosen = Array(queries[next * dimension..<(next + batch) * dimension])
      next = next + 2 * batch > queryCount ? 0 : next + batch
      _ = try index.nearest(toEach: chosen, count: count, threads: measuring.threads)
    }
    let first = Array(queries.prefix(min(queryCount, 10) * dimension))
    let neighbors = try index.nearest(toEach: first, count: count, threads: measuring.threads)
    let answers = Answers(seconds: measurement.seconds, neighbors: neighbors.map { $0.map(\.id) })
    print(String(decoding: try JSONEncoder().encode(answers), as: UTF8.self))
  }

  private func read(_ path: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(filePath: path))
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }
}
