#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Categorical cross-entropy over a softmax: −Σ log σ(z)_label, with σ(z)_j = exp z_j / Σ exp z (paper 2.4).
///
/// Computed by log-sum-exp in double precision: finite logits neither overflow nor round to log 0.
public struct SoftmaxCrossEntropy: Sendable, Hashable, Codable {
  /// Whether the songs' losses are summed, as in the paper, or averaged.
  public var reduction: LossReduction

  /// The loss of one batch and its gradient.
  public struct Evaluation: Sendable, Hashable {
    /// The loss, reduced.
    public let loss: Double
    /// The number of songs whose label has the largest logit; the lowest class wins a tie.
    public let correctCount: Int
    /// ∂loss/∂logits: songs × classes, row-major.
    public let gradient: [Float]
  }

  /// Creates the loss; the paper's is `SoftmaxCrossEntropy()`.
  public init(reduction: LossReduction = .sum) {
    self.reduction = reduction
  }

  /// The loss of a batch and its gradient, σ(z) − one-hot(label) for each song.
  ///
  /// `logits` are songs × classes, row-major, before any softmax; `labels` holds each song's class in
  /// 0..<`classCount`. A logit that is NaN makes the loss NaN and the song not correct.
  public func evaluate(logits: [Float], classCount: Int, labels: [Int]) -> Evaluation {
    precondition(
      logits.count == labels.count * classCount,
      "\(logits.count) logits for \(labels.count) songs and \(classCount) classes")
    let scale = reduction.scale(termCount: labels.count)
    var sum = 0.0
    var correctCount = 0
    var gradient = [Float](repeating: 0, count: logits.count)
    for (song, label) in labels.enumerated() {
      precondition((0..<classCount).contains(label), "label \(label) of \(classCount) classes")
      let row = logits[song * classCount..<(song + 1) * classCount]
      var prediction = row.startIndex
      for index in row.indices where row[index] > row[prediction] {
        prediction = index
      }
      let largest = Double(row[prediction])
      let logSum = log(row.reduce(0.0) { $0 + exp(Double($1) - largest) }) + largest

      let target = row.startIndex + label
      let loss = logSum - Double(row[target])
      sum += loss
      if prediction == target && !loss.isNaN {
        correctCount += 1
      }
      for index in row.indices {
        let probability = exp(Double(row[index]) - logSum)
        gradient[index] = Float((probability - (index == target ? 1 : 0)) * scale)
      }
    }
    return Evaluation(loss: sum * scale, correctCount: correctCount, gradient: gradient)
  }
}
