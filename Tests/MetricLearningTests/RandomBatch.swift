import MetricLearning
import Reproducibility

/// A small batch of random size, labels and embeddings; every other one lies on a grid, so that distances tie.
struct RandomBatch {
  let embeddings: EmbeddingMatrix
  let labels: [Int]
  let distances: DistanceMatrix

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 0...14, using: &generator)
    let dimension = Int.random(in: 1...6, using: &generator)
    let classCount = Int.random(in: 1...5, using: &generator)
    let values = (0..<count * dimension).map { _ in
      seed.isMultiple(of: 2)
        ? Float(Int.random(in: -1...1, using: &generator)) * 0.5 : Float(generator.normal() * 0.5)
    }
    embeddings = EmbeddingMatrix(count: count, dimension: dimension, values: values)
    labels = (0..<count).map { _ in Int.random(in: 0..<classCount, using: &generator) - 1 }
    distances = SquaredEuclideanDistance().matrix(of: embeddings)
  }

  /// Every triplet that the labels allow, by three loops.
  var allTriplets: [Triplet] {
    var triplets: [Triplet] = []
    for anchor in labels.indices {
      for positive in labels.indices where positive != anchor && labels[positive] == labels[anchor] {
        for negative in labels.indices where labels[negative] != labels[anchor] {
          triplets.append(Triplet(anchor: anchor, positive: positive, negative: negative))
        }
      }
    }
    return triplets
  }
}
