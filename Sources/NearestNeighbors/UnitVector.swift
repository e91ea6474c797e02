/// A vector of length 1, or of zeros, in blocks of 16 values, the last one filled with zeros.
enum UnitVector {
  typealias Block = SIMD16<Float>

  static func blockCount(dimension: Int) -> Int { (dimension + Block.scalarCount - 1) / Block.scalarCount }

  /// Writes `dimension` values, divided by their Euclidean norm, which is computed in `Double`, to blocks that are
  /// zeros before. A zero vector stays zero.
  static func write(
    normalising values: UnsafePointer<Float>, dimension: Int, to blocks: UnsafeMutablePointer<Block>
  ) {
    var squares = 0.0
    for place in 0..<dimension { squares += Double(values[place]) * Double(values[place]) }
    guard squares > 0 else { return }
    let norm = squares.squareRoot()
    let output = UnsafeMutableRawPointer(blocks)
    for place in 0..<dimension {
      output.storeBytes(of: Float(Double(values[place]) / norm), toByteOffset: place * 4, as: Float.self)
    }
  }

  /// The cosine similarity of two vectors of the same number of blocks, from -1 to 1.
  ///
  /// The sum has one fixed order, so that a pair's similarity is the same bits in every search.
  @inline(__always)
  static func similarity(_ left: UnsafePointer<Block>, _ right: UnsafePointer<Block>, blockCount: Int) -> Float {
    var sums = Block.zero
    for block in 0..<blockCount {
      sums += left[block] * right[block]
    }
    let eight = sums.lowHalf + sums.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    // Rounding may leave the range by an ulp or two.
    return max(-1, min(1, two.x + two.y))
  }

  /// By how much rounding may raise `similarity` at most: each value goes through a product, `blockCount` sums and
  /// four more, each of which errs by at most 2⁻²⁴ of the product of the lengths. (Higham, Accuracy and Stability of
  /// Numerical Algorithms, 3.1)
  static func rounding(blockCount: Int) -> Double { Double(blockCount + 8) * 0x1p-24 }
}
