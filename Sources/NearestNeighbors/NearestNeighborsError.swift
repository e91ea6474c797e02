/// Why vectors could not be compared.
public enum NearestNeighborsError: Error, Sendable, Hashable {
  /// A vector holds a value that is infinite or not a number, so that it cannot be compared.
  ///
  /// `vector` is its row among the given vectors (0 for a single query), `component` the index of the value in it.
  case notFinite(vector: Int, component: Int, value: Float)
  /// Stored vectors are no longer what was written: the file that they lie in is damaged.
  case damaged
}

extension NearestNeighborsError: CustomStringConvertible {
  /// One line: what was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notFinite(let vector, let component, let value):
      "Vector \(vector) holds \(value) at index \(component) and cannot be compared. Make it again from its source."
    case .damaged:
      "Stored vectors are damaged. Pack them again from their source."
    }
  }
}

extension NearestNeighborsError {
  /// Throws if one of the row-major `vectors` holds a value that is not finite.
  static func check(_ vectors: [Float], dimension: Int) throws(NearestNeighborsError) {
    guard let index = vectors.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(vector: index / dimension, component: index % dimension, value: vectors[index])
  }
}
