/// How a loss over several terms (triplets, songs) becomes one number.
public enum LossReduction: String, CaseIterable, Codable, Sendable {
  /// The sum, as in the paper (2.4): the gradient grows with the batch.
  case sum
  /// The sum divided by the number of terms, active or not; 0 if there are none.
  case mean

  /// The factor of the sum over `termCount` terms.
  func scale(termCount: Int) -> Double {
    switch self {
    case .sum: 1
    case .mean: termCount == 0 ? 0 : 1 / Double(termCount)
    }
  }
}
