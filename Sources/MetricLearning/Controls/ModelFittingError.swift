/// Why a model could not be fitted to vectors.
public enum ModelFittingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Fewer vectors than the model needs.
  case tooFewVectors(count: Int, needed: Int)
  /// Fewer than two classes.
  case tooFewClasses(count: Int)
  /// A number among the vectors is not finite.
  case notFinite
  /// A covariance without an inverse, since the vectors do not differ in some direction.
  case singular

  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .tooFewVectors(let count, let needed):
      "\(count) vectors are too few to fit a model to; it needs \(needed)"
    case .tooFewClasses(let count):
      "\(count) classes are too few to tell apart; two are needed"
    case .notFinite:
      "a number among the vectors is not finite"
    case .singular:
      "the vectors do not differ in some direction, so that their covariance has no inverse; use more shrinkage"
    }
  }
}
