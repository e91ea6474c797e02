import CKernels
import Testing

@Suite struct DotProductTests {
  private static func products(
    _ function: (
      Int64, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Int64>?, Int64, UnsafeMutablePointer<Float>?
    ) -> Void,
    of vector: [Float], _ vectors: [Float], rows: [Int64]
  ) -> [Float] {
    var results = [Float](repeating: .nan, count: rows.count)
    function(Int64(vector.count), vector, vectors, rows, Int64(rows.count), &results)
    return results
  }

  /// Integers are exact in any order; a length of 0 is an empty sum.
  @Test(arguments: supportedInstructionSets, [0, 16, 48, 1712])
  func agreesWithReference(set: akin_instructions, length: Int) {
    var generator = TestGenerator(seed: 3)
    let (vector, vectors) = (generator.integers(length), generator.integers(11 * length))
    for count in 0...13 {
      let rows = (0..<count).map { Int64(($0 * 5 + 2) % 11) }
      let expected = Self.products(akin_reference_dot_products, of: vector, vectors, rows: rows)
      let found = withInstructionSet(set) { Self.products(akin_dot_products, of: vector, vectors, rows: rows) }
      #expect(found == expected)
    }
  }

  @Test(arguments: supportedInstructionSets)
  func aPairHasOneResultWhateverElseIsAskedAndWherever(set: akin_instructions) {
    var generator = TestGenerator(seed: 4)
    let length = 1712
    let vectors = generator.reals(9 * length)
    func vector(_ row: Int) -> [Float] { Array(vectors[row * length..<(row + 1) * length]) }
    let portable = withInstructionSet(AKIN_PORTABLE) {
      Self.products(akin_dot_products, of: vector(2), vectors, rows: Array(0..<9))
    }
    withInstructionSet(set) {
      let all = Self.products(akin_dot_products, of: vector(2), vectors, rows: Array(0..<9))
      for row in 0..<9 {
        #expect(Self.products(akin_dot_products, of: vector(2), vectors, rows: [Int64(row)]) == [all[row]])
        #expect(Self.products(akin_dot_products, of: vector(row), vectors, rows: [2, 2, 2, 2]).first == all[row])
      }
      #expect(all == portable)
      let exact = Self.products(akin_reference_dot_products, of: vector(2), vectors, rows: Array(0..<9))
      #expect(largestDifference(all, exact) < 1e-4)
    }
  }
}
