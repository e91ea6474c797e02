/// Why vectors could not be compared.
public enum NearestNeighborsError: Error, Sendable, Hashable {
  /// A vector holds an infinite value or one that is not a number; it has no direction, so no neighbours.
  ///
  /// `vector` is its row among the vectors that were given (0 for a single query), `component` the place within it.
  case notFinite(vector: Int, component: Int, value: Float)
}

extension NearestNeighborsError: CustomStringConvertible {
  /// One line: what was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notFinite(let vector, let component, let value):
      "Vector \(vector) holds \(value) at place \(component), and cannot be compared. Make it again from its source."
    }
  }
}

extension NearestNeighborsError {
  /// Throws where one of the row-major `vectors` holds a value that is not finite.
  static func check(_ vectors: [Float], dimension: Int) throws(NearestNeighborsError) {
    guard let place = vectors.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(vector: place / dimension, component: place % dimension, value: vectors[place])
  }
}
