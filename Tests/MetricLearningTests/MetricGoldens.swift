import Foundation
import MetricLearning

/// What `Tests/Goldens/metrics.py` computed with PyTorch, pytorch-metric-learning and scikit-learn.
struct MetricGoldens: Decodable {
  struct TripletLoss: Decodable {
    let embeddings: [[Float]]
    let triplets: [[Int]]
    let margin: Float
    let reduction: LossReduction
    let loss: Double
    let active: Int
    let gradient: [[Double]]
  }

  struct CrossEntropy: Decodable {
    let logits: [[Float]]
    let labels: [Int]
    let reduction: LossReduction
    let loss: Double
    let correct: Int
    /// Double, since some are smaller than any `Float`.
    let gradient: [[Double]]
  }

  struct MinedTriplets: Decodable {
    let embeddings: [[Float]]
    let labels: [Int]
    let margin: Float
    let hard: [[Int]]
    let custom: [[Int]]
    let semiHardBand: [[Int]]
  }

  struct Retrieval: Decodable {
    let embeddings: [[Float]]
    let labels: [Int]
    let averagePrecisions: [Double]
    let mrr: Double
    let map: Double
    let precisions: [Double]
  }

  let tripletLosses: [TripletLoss]
  let crossEntropies: [CrossEntropy]
  let minedTriplets: [MinedTriplets]
  let retrievals: [Retrieval]

  static func load() throws -> MetricGoldens {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Goldens/metrics.json")
    return try JSONDecoder().decode(MetricGoldens.self, from: Data(contentsOf: file))
  }
}
