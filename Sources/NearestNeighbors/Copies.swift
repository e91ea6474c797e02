/// Which vectors of a collection are copies of each other, such as those of one file that lies in two folders: vectors
/// that are equal bit by bit.
///
/// What is measured of a collection (its mean, a song's neighbours, how alike two songs drawn at random are) counts
/// copies once, so that they change nothing for each other nor for anybody else.
public struct Copies: Sendable, Hashable {
  /// One number a row: 63 bits that equal vectors have in common, above a bit that is 1 in the first row of its vector.
  public let marks: [UInt64]
  /// The first row of each vector, in ascending order.
  public let distinctRows: [Int]

  /// Stored marks.
  public init(marks: [UInt64]) {
    self.marks = marks
    distinctRows = marks.indices.filter { marks[$0] & 1 == 1 }
  }

  /// A collection of `count` vectors none of which is said to be a copy.
  public init(noneAmong count: Int) {
    // Multiples of an odd number differ in as many bits, and those of the golden ratio are spread evenly (Weyl).
    self.init(marks: (0..<count).map { (UInt64($0) &* 0x9E37_79B9_7F4A_7C15) << 1 | 1 })
  }

  /// Compares vectors, given row by row as a multiple of `dimension` values.
  public init(among vectors: [Float], dimension: Int) {
    precondition(vectors.count.isMultiple(of: dimension), "\(vectors.count) values are not rows of \(dimension)")
    let count = vectors.count / dimension
    var first: [UInt64: Int] = [:]
    first.reserveCapacity(count)
    let marks = vectors.withUnsafeBufferPointer { vectors in
      (0..<count).map { row in
        let vector = vectors[row * dimension..<(row + 1) * dimension]
        let fingerprint = Self.fingerprint(vector)
        guard let known = first[fingerprint] else {
          first[fingerprint] = row
          return fingerprint | 1
        }
        // Others may have the same fingerprint by chance.
        let other = vectors[known * dimension..<(known + 1) * dimension]
        return zip(vector, other).allSatisfy { $0.bitPattern == $1.bitPattern } ? fingerprint : fingerprint | 1
      }
    }
    self.init(marks: marks)
  }

  /// The first row with this vector; nil if there is none.
  public func row(of vector: [Float]) -> Int? {
    let mark = Self.fingerprint(vector) | 1
    return marks.firstIndex(of: mark)
  }

  /// Whether no earlier row has the same vector.
  public func isFirst(_ row: Int) -> Bool { marks[row] & 1 == 1 }

  /// Whether two rows have the same vector.
  public func areEqual(_ one: Int, _ other: Int) -> Bool { marks[one] | 1 == marks[other] | 1 }

  /// `size` of the distinct rows, as good as drawn at random: those with the smallest marks, in the order of the marks;
  /// all of them if there are fewer. Neither the order of the rows nor copies change which vectors these are.
  package func sample(_ size: Int) -> [Int] {
    func isBefore(_ one: Int, _ other: Int) -> Bool { (marks[one], one) < (marks[other], other) }
    // Marks are spread evenly. To sort all of them would take longer than to read all else of a stored index.
    var share = 2 * Double(size) / Double(max(distinctRows.count, 1))
    while share < 1 {
      let bound = UInt64(share * 0x1p64)
      let some = distinctRows.filter { marks[$0] < bound }
      if some.count >= size { return Array(some.sorted(by: isBefore).prefix(size)) }
      share *= 2
    }
    return Array(distinctRows.sorted(by: isBefore).prefix(size))
  }

  /// The finaliser of MurmurHash3, half of it, over all values; the lowest bit is 0.
  private static func fingerprint(_ vector: some Sequence<Float>) -> UInt64 {
    var state: UInt64 = 0
    for value in vector {
      state = (state ^ UInt64(value.bitPattern)) &* 0xFF51_AFD7_ED55_8CCD
      state ^= state >> 33
    }
    return state & ~1
  }
}
