/// Vectors of length 1, each in blocks of 16 values, the last one filled with zeros.
struct UnitVectors: Sendable {
  typealias Block = SIMD16<Float>

  let count: Int
  let blocksPerVector: Int
  /// `count` × `blocksPerVector`
  let blocks: [Block]

  /// Divides each of the row-major `vectors` by its Euclidean norm, computed in `Double`. A zero vector stays zero.
  init(normalising vectors: [Float], dimension: Int) {
    count = vectors.count / dimension
    blocksPerVector = (dimension + Block.scalarCount - 1) / Block.scalarCount
    var blocks = [Block](repeating: .zero, count: count * blocksPerVector)
    for row in 0..<count {
      var squares = 0.0
      for place in row * dimension..<(row + 1) * dimension {
        squares += Double(vectors[place]) * Double(vectors[place])
      }
      guard squares > 0 else { continue }
      let norm = squares.squareRoot()
      for place in 0..<dimension {
        let block = row * blocksPerVector + place / Block.scalarCount
        blocks[block][place % Block.scalarCount] = Float(Double(vectors[row * dimension + place]) / norm)
      }
    }
    self.blocks = blocks
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
}
