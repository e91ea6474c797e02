/// Why t-SNE could not map vectors.
public enum TSNEError: Error, Sendable, Hashable {
  /// A vector holds a value that is infinite or not a number, or a matrix of distances such a value or a negative one.
  ///
  /// `vector` is its row, `component` the index of the value in it.
  case notFinite(vector: Int, component: Int, value: Float)
  /// The caller asked to stop.
  case interrupted
}

extension TSNEError: CustomStringConvertible {
  /// One line: what was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notFinite(let vector, let component, let value):
      "Vector \(vector) holds \(value) at index \(component) and cannot be mapped. Make it again from its source."
    case .interrupted:
      "The map was interrupted before it was done."
    }
  }
}
