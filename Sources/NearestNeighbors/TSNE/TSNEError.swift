/// Why there is no map.
public enum TSNEError: Error, Sendable, Hashable {
  /// A vector holds an infinite value or one that is not a number, or a matrix of distances a negative one.
  ///
  /// `vector` is its row, `component` the place within it.
  case notFinite(vector: Int, component: Int, value: Float)
  /// The caller asked to stop.
  case interrupted
}

extension TSNEError: CustomStringConvertible {
  /// One line: what was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notFinite(let vector, let component, let value):
      "Vector \(vector) holds \(value) at place \(component), and cannot be placed. Make it again from its source."
    case .interrupted:
      "The map was interrupted before it was done."
    }
  }
}
