/// Shrinks the directions in which songs of the same class differ most, so that they count less for similarity:
///
///     y = x - Σ ((1 - 1 / √(1 + λ lᵢ)) (vᵢ · x) vᵢ)
///
/// for the leading eigenvectors vᵢ and eigenvalues lᵢ of the scatter within classes, scaled to trace 1.
///
/// Within-class covariance normalisation (Hatch, Kajarekar and Stolcke 2006) divides by √lᵢ, which demands good
/// estimates of all directions. Few songs give good estimates of the leading ones only, so the others are left
/// unchanged.
public struct WithinClassNormalisation: Sendable, Hashable {
  /// The length of the vectors.
  public let dimension: Int
  /// vᵢ √(1 - 1 / √(1 + λ lᵢ)), one per row: `count` × `dimension`.
  public let directions: [Float]
  /// The number of directions.
  public var count: Int { directions.count / dimension }

  /// Wraps stored directions, each of length at most 1.
  public init(dimension: Int, directions: [Float]) {
    precondition(
      dimension > 0 && directions.count.isMultiple(of: dimension), "\(directions.count) values in rows of \(dimension)")
    self.dimension = dimension
    self.directions = directions
  }

  /// The leading `count` directions of a scatter within classes.
  ///
  /// - Parameters:
  ///   - scatter: its scale does not matter.
  ///   - strength: λ, 0 or more: how strongly the directions are shrunk.
  ///   - count: how many directions are kept, at most.
  public init(fitting scatter: Scatter, strength: Double, count: Int) {
    dimension = scatter.dimension
    let trace = scatter.trace
    guard trace > 0 else {
      directions = []
      return
    }
    let leading = scatter.leading(count)
    directions = zip(leading.values, leading.vectors).flatMap { value, vector in
      let shrinkage = 1 - 1 / (1 + strength * max(0, value) / trace).squareRoot()
      return vector.map { Float($0 * shrinkage.squareRoot()) }
    }
  }

  /// What it does to vectors.
  public var change: LowRankChange {
    LowRankChange(dimension: dimension, directions: directions, gains: [Float](repeating: -1, count: count))
  }

  /// Shrinks vectors in place, given row by row as a multiple of `dimension` values.
  public func apply(to vectors: inout [Float]) { change.apply(to: &vectors) }
}

extension WithinClassNormalisation {
  /// The directions in which groups differ most, at most `count` of them, orthonormal. To shrink a scatter without
  /// losing a coarser grouping, such as genre, remove them from it.
  ///
  /// The groups of a collection are compared only with each other. A group weighs by its share of the collection's
  /// vectors.
  public static func directions(between collections: [[[[Float]]]], count: Int) -> [[Double]] {
    let rows = collections.flatMap { groups -> [[Double]] in
      let all = groups.flatMap { $0 }
      let mean = Scatter.mean(of: all)
      return groups.filter { !$0.isEmpty }.map { group in
        let weight = (Double(group.count) / Double(all.count)).squareRoot()
        return zip(Scatter.mean(of: group), mean).map { ($0 - $1) * weight }
      }
    }
    // Right singular vectors, through the small matrix of the rows' products.
    let products = rows.flatMap { row in rows.map { zip(row, $0).reduce(0) { $0 + $1.0 * $1.1 } } }
    guard let eigen = SymmetricEigen(products, count: rows.count), let largest = eigen.values.first else { return [] }
    return zip(0..., eigen.values.prefix(count)).prefix { $0.1 > 1e-9 * largest }.map { number, value in
      var vector = rows[0].map { _ in 0.0 }
      for (weight, row) in zip(eigen[number], rows) {
        for index in vector.indices { vector[index] += weight / value.squareRoot() * row[index] }
      }
      return vector
    }
  }
}
