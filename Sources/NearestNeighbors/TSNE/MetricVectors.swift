/// Vectors in a form in which each metric follows from the Euclidean distance of rows.
package struct MetricVectors {
  let count: Int
  let dimension: Int
  let metric: TSNE.Metric
  /// `count` × `dimension`. For the cosine, of length 1 (zero vectors stay zero); else centred and scaled to a largest
  /// magnitude of 1, since neither origin nor scale matters, and large values would overflow.
  let values: [Float]
  /// What is subtracted from a row's product with a query, so that the nearest row has the largest difference.
  let penalties: [Float]

  package init(_ vectors: [Float], count: Int, dimension: Int, metric: TSNE.Metric) {
    self.count = count
    self.dimension = dimension
    self.metric = metric
    switch metric {
    case .cosine:
      values = UnitRows.normalised(vectors, dimension: dimension)
      penalties = [Float](repeating: 0, count: count)
    case .euclidean:
      values = Self.centred(vectors, count: count, dimension: dimension)
      penalties = Self.halfSquares(values, count: count, dimension: dimension)
    }
  }

  /// The squared distance of two rows.
  func squaredDistance(_ left: Int, _ right: Int) -> Float {
    let squares = values.withUnsafeBufferPointer { values in
      Self.squaredDifference(values, left * dimension, right * dimension, dimension)
    }
    switch metric {
    case .euclidean: return squares
    case .cosine:
      // ½‖u - v‖² = 1 - u·v for unit vectors, and precise for near ones; a zero row lacks ½.
      let distance = squares / 2 + (isZero(left) ? 0.5 : 0) + (isZero(right) ? 0.5 : 0)
      return distance * distance
    }
  }

  private func isZero(_ row: Int) -> Bool {
    values[row * dimension..<(row + 1) * dimension].allSatisfy { $0 == 0 }
  }

  private static func squaredDifference(
    _ values: UnsafeBufferPointer<Float>, _ left: Int, _ right: Int, _ count: Int
  ) -> Float {
    let bytes = UnsafeRawBufferPointer(values)
    var sums = SIMD8<Float>.zero
    let whole = count & ~7
    for start in stride(from: 0, to: whole, by: 8) {
      let differences =
        bytes.loadUnaligned(fromByteOffset: 4 * (left + start), as: SIMD8<Float>.self)
        - bytes.loadUnaligned(fromByteOffset: 4 * (right + start), as: SIMD8<Float>.self)
      sums += differences * differences
    }
    var sum = sums.sum()
    for index in whole..<count {
      let difference = values[left + index] - values[right + index]
      sum += difference * difference
    }
    return sum
  }

  private static func centred(_ vectors: [Float], count: Int, dimension: Int) -> [Float] {
    var means = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for column in 0..<dimension { means[column] += Double(vectors[row * dimension + column]) }
    }
    for column in 0..<dimension {
      means[column] /= Double(count)
    }
    var largest = 0.0
    for row in 0..<count {
      for column in 0..<dimension {
        largest = max(largest, abs(Double(vectors[row * dimension + column]) - means[column]))
      }
    }
    let scale = largest > 0 ? 1 / largest : 0
    return vectors.indices.map { Float((Double(vectors[$0]) - means[$0 % dimension]) * scale) }
  }

  private static func halfSquares(_ values: [Float], count: Int, dimension: Int) -> [Float] {
    (0..<count).map { row in
      var squares = 0.0
      for index in row * dimension..<(row + 1) * dimension { squares += Double(values[index]) * Double(values[index]) }
      return Float(squares / 2)
    }
  }
}

/// Rows divided by their lengths.
private enum UnitRows {
  static func normalised(_ vectors: [Float], dimension: Int) -> [Float] {
    var values = vectors
    for start in stride(from: 0, to: vectors.count, by: dimension) {
      var squares = 0.0
      for index in start..<start + dimension { squares += Double(vectors[index]) * Double(vectors[index]) }
      guard squares > 0 else { continue }
      let scale = 1 / squares.squareRoot()
      for index in start..<start + dimension { values[index] = Float(Double(vectors[index]) * scale) }
    }
    return values
  }
}
