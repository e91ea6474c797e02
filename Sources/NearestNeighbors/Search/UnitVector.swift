import CKernels

/// A vector of length 1, or of zeros, in blocks of 16 values (`AKIN_DOT_LANES`), the last one filled with zeros.
enum UnitVector {
  typealias Block = SIMD16<Float>

  static func blockCount(dimension: Int) -> Int { (dimension + Block.scalarCount - 1) / Block.scalarCount }

  /// Writes `dimension` values, divided by their Euclidean norm, which is computed in `Double`, to blocks that are zero
  /// before. A zero vector stays zero.
  static func write(
    normalising values: UnsafePointer<Float>, dimension: Int, to blocks: UnsafeMutablePointer<Block>
  ) {
    var squares = 0.0
    for index in 0..<dimension { squares += Double(values[index]) * Double(values[index]) }
    guard squares > 0 else { return }
    let norm = squares.squareRoot()
    let output = UnsafeMutableRawPointer(blocks)
    for index in 0..<dimension {
      output.storeBytes(of: Float(Double(values[index]) / norm), toByteOffset: index * 4, as: Float.self)
    }
  }

  /// Calls `body` with the cosine similarity, from -1 to 1, of a vector to each of the given rows of `vectors`, in
  /// their order.
  ///
  /// Sums have a fixed order, so that the similarity of a pair is the same bits in every search.
  @inline(__always)
  static func forEachSimilarity(
    of vector: UnsafePointer<Block>, to vectors: UnsafePointer<Block>, rows: some Sequence<Int>, blockCount: Int,
    _ body: (_ row: Int, _ similarity: Float) -> Void
  ) {
    let (vector, vectors) = (UnsafeRawPointer(vector), UnsafeRawPointer(vectors))
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: rowsAtATime) { indices in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: rowsAtATime) { similarities in
        var rows = rows.makeIterator()
        while true {
          var count = 0
          while count < rowsAtATime, let row = rows.next() {
            indices[count] = Int64(row)
            count += 1
          }
          guard count > 0 else { return }
          akin_dot_products(
            Int64(blockCount * Block.scalarCount), vector.assumingMemoryBound(to: Float.self),
            vectors.assumingMemoryBound(to: Float.self), indices.baseAddress, Int64(count), similarities.baseAddress)
          // Rounding may exceed the range by an ulp or two.
          for entry in 0..<count { body(Int(indices[entry]), max(-1, min(1, similarities[entry]))) }
        }
      }
    }
  }

  /// The number of rows that share a call.
  private static var rowsAtATime: Int { 64 }

  /// The most by which rounding may raise a similarity: each value goes through a product, `blockCount` sums and four
  /// more, each of which errs by at most 2⁻²⁴ of the product of the lengths (Higham, *Accuracy and Stability of
  /// Numerical Algorithms*, 3.1).
  static func rounding(blockCount: Int) -> Double { Double(blockCount + 8) * 0x1p-24 }
}
