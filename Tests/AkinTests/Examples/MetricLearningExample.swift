import MetricLearning

/// The triplet loss of a batch, and its gradient, for each anchor's farthest positive and closest negative.
func hardTripletLoss(of embeddings: EmbeddingMatrix, labels: [Int]) -> TripletMarginLoss.Evaluation {
  let distances = SquaredEuclideanDistance().matrix(of: embeddings)
  var generator = SystemRandomNumberGenerator()  // Hard mining draws nothing from it.
  let triplets = TripletMiner.hard.triplets(distances: distances, labels: labels, margin: 1, using: &generator)
  return TripletMarginLoss(margin: 1).evaluate(embeddings: embeddings, triplets: triplets)
}
