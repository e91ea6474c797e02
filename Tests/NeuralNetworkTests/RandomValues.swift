import Reproducibility

/// `count` standard normal numbers.
func normalValues(_ count: Int, seed: UInt64) -> [Float] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in Float(generator.normal()) }
}

/// The largest difference of two arrays of equal length; `nan` if the lengths differ.
func largestDifference(_ values: [Float], _ expected: [Double]) -> Double {
  guard values.count == expected.count else { return .nan }
  return zip(values, expected).map { abs(Double($0) - $1) }.max() ?? 0
}
