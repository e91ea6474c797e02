extension LowRankChange {
  /// A change that compares as two changes do, one after the other: by the symmetric root of what they make of lengths,
  /// which moves vectors least. Only the `count` directions with the largest gains are kept.
  ///
  /// M = (AᵀA)^½ for A = M₂ M₁, within the span of both; beyond it, all of them leave vectors as they are. O(k² · dimension)
  /// for k directions together.
  package init(composing first: LowRankChange, then second: LowRankChange, count: Int) {
    precondition(
      first.dimension == second.dimension, "changes of \(first.dimension) and \(second.dimension) dimensions")
    let dimension = first.dimension
    let width = first.count + second.count
    var basis = first.directions + second.directions
    PrincipalDirections.orthonormalise(&basis, width: width, dimension: dimension)
    let one = Self.matrix(of: first, in: basis, width)
    let other = Self.matrix(of: second, in: basis, width)
    // A = M₂ M₁, and AᵀA.
    let product = Self.product(other, one, width, transposesLeft: false)
    let squares = Self.product(product, product, width, transposesLeft: true)
    guard width > 0, let eigen = SymmetricEigen(squares, count: width) else {
      self.init(dimension: dimension, directions: [], gains: [])
      return
    }
    let gains = eigen.values.map { max(0, $0).squareRoot() - 1 }
    let kept = gains.indices.filter { abs(gains[$0]) > 1e-6 }
      .sorted { (abs(gains[$1]), $0) < (abs(gains[$0]), $1) }.prefix(count)
    let weights = kept.flatMap { eigen[$0].map { Float($0) } }
    let directions =
      kept.isEmpty
      ? []
      : MatrixValues.product(
        weights, (kept.count, width), basis, (width, dimension), transposesLeft: false, transposesRight: false)
    self.init(dimension: dimension, directions: directions, gains: kept.map { Float(gains[$0]) })
  }

  /// I + Σ g (Q u) (Q u)ᵀ for a basis Q of `width` orthonormal rows.
  private static func matrix(of change: LowRankChange, in basis: [Float], _ width: Int) -> [Double] {
    let dimension = change.dimension
    let along =
      change.count == 0
      ? []
      : MatrixValues.product(
        change.directions, (change.count, dimension), basis, (width, dimension), transposesLeft: false,
        transposesRight: true)
    var matrix = [Double](repeating: 0, count: width * width)
    for index in 0..<width { matrix[index * (width + 1)] = 1 }
    for (place, gain) in change.gains.enumerated() {
      let vector = along[place * width..<(place + 1) * width].map(Double.init)
      for row in 0..<width {
        let factor = Double(gain) * vector[row]
        for column in 0..<width { matrix[row * width + column] += factor * vector[column] }
      }
    }
    return matrix
  }

  private static func product(_ left: [Double], _ right: [Double], _ width: Int, transposesLeft: Bool) -> [Double] {
    var output = [Double](repeating: 0, count: width * width)
    for row in 0..<width {
      for index in 0..<width {
        let factor = transposesLeft ? left[index * width + row] : left[row * width + index]
        for column in 0..<width { output[row * width + column] += factor * right[index * width + column] }
      }
    }
    return output
  }
}
