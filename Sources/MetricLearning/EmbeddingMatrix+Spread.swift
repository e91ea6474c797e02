extension EmbeddingMatrix {
  /// How far the rows lie from their mean, relative to how long they are: √(Σ‖e − ē‖² / Σ‖e‖²), in 0...1.
  ///
  /// Near 0 all rows are alike, so that neighbours mean nothing; near 1 they spread around the origin. 0 if all rows
  /// are zero or there are none; NaN if an element is not finite.
  public var relativeSpread: Double {
    var mean = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for (column, value) in self[row].enumerated() {
        mean[column] += Double(value)
      }
    }
    for column in 0..<dimension {
      mean[column] /= Double(count)
    }

    var deviation = 0.0
    var length = 0.0
    for row in 0..<count {
      for (column, element) in self[row].enumerated() {
        let value = Double(element)
        deviation += (value - mean[column]) * (value - mean[column])
        length += value * value
      }
    }
    return length == 0 ? 0 : (deviation / length).squareRoot()
  }
}
