/// Why a dataset cannot be split as asked.
public enum StratifiedSplitError: Error, Hashable, CustomStringConvertible {
  /// The fractions are not shares of a whole.
  case invalidFractions(training: Double, validation: Double, test: Double)
  /// Cross-validation needs a fold to train on beside those for validation and test.
  case tooFewFolds(Int)

  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .invalidFractions(let training, let validation, let test):
      """
      the fractions for training, validation and test must be 0 or more and add up to 1, not \
      \(training), \(validation) and \(test)
      """
    case .tooFewFolds(let count):
      "cross-validation needs 3 folds or more, one each for training, validation and test, not \(count)"
    }
  }
}
