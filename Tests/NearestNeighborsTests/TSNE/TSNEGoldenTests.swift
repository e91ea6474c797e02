import Foundation
import NearestNeighbors
import Testing

/// Compared with scikit-learn's divergences, from `Tests/Goldens/tsne.py`.
@Suite struct TSNEGoldenTests {
  struct Golden: Decodable, CustomTestStringConvertible, Sendable {
    let count, dimension, clusters: Int
    let perplexity, divergence: Double
    let metric, method: String
    let seed: UInt64

    var testDescription: String { "\(count) × \(dimension), \(metric), \(method), perplexity \(perplexity)" }

    static let all: [Golden] = {
      let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Goldens/tsne.json")
      do { return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file)) } catch {
        Issue.record("the goldens cannot be read: \(error)")
        return []
      }
    }()
  }

  @Test func goldensAreThere() { #expect(Golden.all.count == 8) }

  @Test(arguments: Golden.all)
  func reachesTheDivergenceOfScikitLearn(golden: Golden) throws {
    var tsne = TSNE()
    tsne.perplexity = golden.perplexity
    tsne.metric = golden.metric == "cosine" ? .cosine : .euclidean
    tsne.method = golden.method == "exact" ? .exact : .interpolated
    let vectors = clusteredVectors(
      count: golden.count, dimension: golden.dimension, clusters: golden.clusters, seed: golden.seed)
    let map = try tsne.map(vectors, count: golden.count, dimension: golden.dimension, threads: 2)
    #expect(map.perplexity == golden.perplexity)
    #expect(abs(map.divergence / golden.divergence - 1) < 0.05)
  }
}
