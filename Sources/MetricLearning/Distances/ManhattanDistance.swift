/// The Manhattan distance Σ |x − y|, in double precision and in a fixed order.
public struct ManhattanDistance: Sendable {
  /// Creates the distance.
  public init() {}

  /// The distance of two vectors of equal length.
  public func callAsFunction(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Double {
    precondition(first.count == second.count, "vectors of \(first.count) and \(second.count) elements")
    return first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in Self.distance(first, second) }
    }
  }

  private static func distance(_ first: UnsafeBufferPointer<Float>, _ second: UnsafeBufferPointer<Float>) -> Double {
    var sums = SIMD4<Double>.zero
    let whole = first.count - first.count % 4
    for index in stride(from: 0, to: whole, by: 4) {
      let difference = SIMD4<Double>(first.lanes(at: index) - second.lanes(at: index))
      sums += difference.replacing(with: -difference, where: difference .< 0)
    }
    // The remainder goes to the first lane.
    for index in whole..<first.count {
      sums[0] += Double(abs(first[index] - second[index]))
    }
    return sums.sum()
  }
}
