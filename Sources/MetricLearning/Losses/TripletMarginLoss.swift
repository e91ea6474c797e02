/// The triplet loss Σ max(0, ‖a − p‖² − ‖a − n‖² + α) (paper 2.4).
///
/// An *active* triplet is one whose term is above 0; a term of exactly 0 has the gradient 0. All sums run in double
/// precision and in the order of the triplets, so that equal inputs give equal bits.
public struct TripletMarginLoss: Sendable, Hashable, Codable {
  /// The margin α unless another is chosen.
  public static let standardMargin: Float = 1

  /// α: by how much (squared distance) a negative should lie farther from the anchor than a positive.
  public var margin: Float
  /// Whether terms are summed, as in the paper, or averaged over all triplets.
  public var reduction: LossReduction

  /// The loss of one batch and its gradient.
  public struct Evaluation: Sendable, Hashable {
    /// The loss, reduced.
    public let loss: Double
    /// The number of triplets evaluated.
    public let tripletCount: Int
    /// The number of triplets with a term above 0: only these have a gradient.
    public let activeCount: Int
    /// ∂loss/∂embeddings: count × dimension, like the embeddings.
    public let gradient: EmbeddingMatrix

    /// The share of active triplets, in 0...1; 0 if there are no triplets.
    public var activeTripletFraction: Double {
      tripletCount == 0 ? 0 : Double(activeCount) / Double(tripletCount)
    }
  }

  /// Creates the loss; the paper's is `TripletMarginLoss()`.
  public init(margin: Float = standardMargin, reduction: LossReduction = .sum) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss of the triplets, and its gradient with respect to every row of `embeddings`.
  ///
  /// ∂/∂a = 2(n − p), ∂/∂p = 2(p − a), ∂/∂n = 2(a − n) for each active triplet. No triplets: loss and gradient 0.
  /// O(triplets · dimension). A number that is not finite among the embeddings makes the loss NaN: diverged.
  public func evaluate(embeddings: EmbeddingMatrix, triplets: [Triplet]) -> Evaluation {
    let distance = SquaredEuclideanDistance()
    var sum = 0.0
    var activeCount = 0
    var gradient = [Double](repeating: 0, count: embeddings.values.count)
    for triplet in triplets {
      let anchor = embeddings[triplet.anchor]
      let term =
        distance(anchor, embeddings[triplet.positive]) - distance(anchor, embeddings[triplet.negative])
        + Double(margin)
      // `!(term <= 0)` rather than `term > 0`: a NaN must reach the loss, or a diverged network would look perfect.
      guard !(term <= 0) else { continue }
      sum += term
      activeCount += 1
      addGradient(of: triplet, embeddings: embeddings, to: &gradient)
    }

    let scale = reduction.scale(termCount: triplets.count)
    return Evaluation(
      loss: sum * scale, tripletCount: triplets.count, activeCount: activeCount,
      gradient: EmbeddingMatrix(
        count: embeddings.count, dimension: embeddings.dimension, values: gradient.map { Float($0 * scale) }))
  }

  private func addGradient(of triplet: Triplet, embeddings: EmbeddingMatrix, to gradient: inout [Double]) {
    let dimension = embeddings.dimension
    embeddings.values.withUnsafeBufferPointer { values in
      for column in 0..<dimension {
        let a = triplet.anchor * dimension + column
        let p = triplet.positive * dimension + column
        let n = triplet.negative * dimension + column
        let anchor = Double(values[a])
        let positive = Double(values[p])
        let negative = Double(values[n])
        gradient[a] += 2 * (negative - positive)
        gradient[p] += 2 * (positive - anchor)
        gradient[n] += 2 * (anchor - negative)
      }
    }
  }
}
