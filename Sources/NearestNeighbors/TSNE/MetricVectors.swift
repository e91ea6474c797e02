/// Vectors prepared so that one formula serves each metric: a distance comes from the Euclidean distance of rows.
package struct MetricVectors {
  let count: Int
  let dimension: Int
  let metric: TSNE.Metric
  /// `count` × `dimension`: of length 1 for the cosine (zeros stay zero); else centred, the largest value ±1, since
  /// neither the origin nor the scale matters and large values would overflow.
  let values: [Float]
  /// What is taken from a row's product with a query, so that the largest difference is the nearest row.
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
      // ½‖u - v‖² = 1 - u·v for unit vectors, and exact for near ones; a row of zeros lacks ½.
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
    for place in whole..<count {
      let difference = values[left + place] - values[right + place]
      sum += difference * difference
    }
    return sum
  }

  private static func centred(_ vectors: [Float], count: Int, dimension: Int) -> [Float] {
    var means = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for place in 0..<dimension { means[place] += Double(vectors[row * dimension + place]) }
    }
    for place in 0..<dimension {
      means[place] /= Double(count)
    }
    var largest = 0.0
    for row in 0..<count {
      for place in 0..<dimension {
        largest = max(largest, abs(Double(vectors[row * dimension + place]) - means[place]))
      }
    }
    let scale = largest > 0 ? 1 / largest : 0
    return vectors.indices.map { Float((Double(vectors[$0]) - means[$0 % dimension]) * scale) }
  }

  private static func halfSquares(_ values: [Float], count: Int, dimension: Int) -> [Float] {
    (0..<count).map { row in
      var squares = 0.0
      for place in row * dimension..<(row + 1) * dimension { squares += Double(values[place]) * Double(values[place]) }
      return Float(squares / 2)
    }
  }
}

/// Rows divided by their length.
private enum UnitRows {
  static func normalised(_ vectors: [Float], dimension: Int) -> [Float] {
    var values = vectors
    for start in stride(from: 0, to: vectors.count, by: dimension) {
      var squares = 0.0
      for place in start..<start + dimension { squares += Double(vectors[place]) * Double(vectors[place]) }
      guard squares > 0 else { continue }
      let scale = 1 / squares.squareRoot()
      for place in start..<start + dimension { values[place] = Float(Double(vectors[place]) * scale) }
    }
    return values
  }
}
