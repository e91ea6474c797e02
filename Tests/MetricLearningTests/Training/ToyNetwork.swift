import MetricLearning
import Reproducibility

/// A linear network on points in the plane: two weights per latent factor, and a linear classifier on the factors.
final class ToyNetwork: TrainableNetwork {
  let points: [[Float]]
  let classCount: Int
  var parameters: [Float]
  /// Multiplies the result of `embed`; 0 makes all songs alike, infinity makes the training diverge.
  var embeddingScale: Float = 1
  /// Adds noise from the generator to the training inputs, as random excerpts would.
  let noise: Float

  private static let factors = 3
  private var batch: [[Float]] = []
  private var factors: [[Float]] = []
  private var headStart: Int { Self.factors * 2 }

  init(points: [[Float]], classCount: Int, noise: Float = 0) {
    self.points = points
    self.classCount = classCount
    self.noise = noise
    parameters = []
  }

  /// Small random weights.
  func initialParameters(seed: UInt64 = 3) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<headStart + classCount * Self.factors).map { _ in Float(generator.normal()) * 0.3 }
  }

  func forward(
    songs: [Int], using generator: inout SeededGenerator
  ) throws -> (embeddings: EmbeddingMatrix, logits: [Float]) {
    batch = songs.map { song in points[song].map { $0 + noise * Float(generator.normal()) } }
    factors = batch.map(self.factors(of:))
    let logits = factors.flatMap { factors in
      (0..<classCount).map { label in
        (0..<Self.factors).reduce(Float(0)) { $0 + factors[$1] * parameters[headStart + label * Self.factors + $1] }
      }
    }
    return (matrix(factors), logits)
  }

  func backward(embeddingGradient: [Float]?, logitGradient: [Float]?) -> [Float] {
    var gradient = [Float](repeating: 0, count: parameters.count)
    for (song, point) in batch.enumerated() {
      for factor in 0..<Self.factors {
        var slope = embeddingGradient?[song * Self.factors + factor] ?? 0
        for label in 0..<(logitGradient == nil ? 0 : classCount) {
          let logit = logitGradient?[song * classCount + label] ?? 0
          let weight = headStart + label * Self.factors + factor
          gradient[weight] += logit * factors[song][factor]
          slope += logit * parameters[weight]
        }
        gradient[2 * factor] += slope * point[0]
        gradient[2 * factor + 1] += slope * point[1]
      }
    }
    return gradient
  }

  func embed(songs: [Int]) throws -> EmbeddingMatrix {
    matrix(songs.map { song in factors(of: points[song]).map { $0 * embeddingScale } })
  }

  private func factors(of point: [Float]) -> [Float] {
    (0..<Self.factors).map { parameters[2 * $0] * point[0] + parameters[2 * $0 + 1] * point[1] }
  }

  private func matrix(_ rows: [[Float]]) -> EmbeddingMatrix {
    EmbeddingMatrix(count: rows.count, dimension: Self.factors, values: rows.flatMap(\.self))
  }
}

/// Three classes of points around three corners; training songs first, then validation songs. A smaller `height` hides
/// one of the two dimensions in which they differ, until something is learned.
struct ToyDataset {
  let points: [[Float]]
  let trainingLabels: [Int]
  let validationLabels: [Int]

  init(validationPerClass: Int = 2, trainingPerClass: Int = 6, height: Float = 1) {
    var generator = SeededGenerator(seed: 11)
    let corners: [[Float]] = [[1, 0.2], [-0.6, 0.9], [-0.4, -1]]
    trainingLabels = (0..<3).flatMap { [Int](repeating: $0, count: trainingPerClass) }
    validationLabels = (0..<3).flatMap { [Int](repeating: $0, count: validationPerClass) }
    points = (trainingLabels + validationLabels).map { label in
      let point = corners[label].map { $0 + 0.3 * Float(generator.normal()) }
      return [point[0], height * point[1]]
    }
  }
}
