import CKernels
import Foundation
import Testing

/// Vectors of length 1 with their codes, and queries with theirs.
private struct Codes {
  let rows: Int, dimension: Int, queryCount: Int
  var vectors: [Float], queries: [Float]
  private var codes: [UInt8], blocks: [akin_code_block]

  init(rows: Int, dimension: Int, queryCount: Int, vectors: [Float], queries: [Float]) {
    (self.rows, self.dimension, self.queryCount) = (rows, dimension, queryCount)
    (self.vectors, self.queries) = (vectors, queries)
    let size = Int(akin_code_block_size(Int32(dimension)))
    let blockCount = (rows + 31) / 32
    codes = [UInt8](repeating: 255, count: size * blockCount)
    blocks = [akin_code_block](repeating: .init(), count: blockCount)
    codes.withUnsafeMutableBufferPointer { codes in
      for block in 0..<blockCount {
        vectors.withUnsafeBufferPointer {
          akin_codes_encode_block(
            Int32(min(32, rows - block * 32)), Int32(dimension), $0.baseAddress! + block * 32 * dimension,
            Int64(dimension), codes.baseAddress! + block * size, &blocks[block])
        }
      }
    }
  }

  init(rows: Int, dimension: Int, queryCount: Int) {
    var generator = TestGenerator(seed: UInt64(rows + dimension))
    func unit(_ count: Int) -> [Float] {
      (0..<count).flatMap { _ in
        let values = generator.reals(dimension)
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / norm }
      }
    }
    self.init(
      rows: rows, dimension: dimension, queryCount: queryCount, vectors: unit(rows), queries: unit(queryCount))
  }

  func product(_ query: Int, _ row: Int) -> Double {
    (0..<dimension).reduce(0) {
      $0 + Double(queries[query * dimension + $1]) * Double(vectors[row * dimension + $1])
    }
  }

  /// The candidates above `levels`, one for each query, as query and row.
  func scan(levels: [Double], from first: Int = 0, count: Int? = nil, reference: Bool = false) -> [[Int]] {
    var queryCodes = [Int8](repeating: 0, count: Int(akin_code_query_size(Int32(dimension))) * queryCount)
    return queryCodes.withUnsafeMutableBufferPointer { queryCodes in
      let coded = (0..<queryCount).map { query in
        queries.withUnsafeBufferPointer {
          var coded = akin_codes_encode_query(
            Int32(dimension), $0.baseAddress! + query * dimension, 0,
            queryCodes.baseAddress! + query * Int(akin_code_query_size(Int32(dimension))))
          akin_code_query_set_level(&coded, levels[query])
          return coded
        }
      }
      let count = count ?? blocks.count
      var candidates = [akin_code_candidate](repeating: .init(), count: count * 32 * queryCount)
      let scan = reference ? akin_reference_codes_scan : akin_codes_scan
      let found = codes.withUnsafeBufferPointer { codes in
        blocks.withUnsafeBufferPointer { blocks in
          var all = akin_codes(
            rows: Int64(rows), dimension: Int32(dimension), codes: codes.baseAddress, blocks: blocks.baseAddress)
          return scan(&all, Int64(first), Int64(count), coded, Int32(queryCount), &candidates)
        }
      }
      return candidates.prefix(Int(found)).map { [Int($0.query), Int($0.row)] }
    }
  }
}

@Suite struct CodesTests {
  /// Sizes around the steps of 4 values, the segments of 32, the blocks of 32 rows and the tiles of 2 to 12 queries.
  static let shapes = [
    (1, 1, 1), (31, 2, 2), (32, 3, 3), (33, 4, 5), (64, 5, 6), (65, 31, 7), (100, 32, 8), (97, 33, 9), (40, 60, 13),
    (70, 140, 17), (33, 1000, 6), (3, 4099, 2),
  ]

  @Test(arguments: supportedInstructionSets, shapes)
  func agreesWithReference(set: akin_instructions, shape: (rows: Int, dimension: Int, queryCount: Int)) {
    let codes = Codes(rows: shape.rows, dimension: shape.dimension, queryCount: shape.queryCount)
    for level in [-Double.infinity, -0.3, 0, 0.2, 0.9, .infinity] {
      let levels = (0..<shape.queryCount).map { level + Double($0) / 100 }
      let expected = codes.scan(levels: levels, reference: true)
      let found = withInstructionSet(set) { codes.scan(levels: levels) }
      #expect(found.sorted { $0.lexicographicallyPrecedes($1) } == expected.sorted { $0.lexicographicallyPrecedes($1) })
      for query in 0..<shape.queryCount {
        let rows = found.filter { $0[0] == query }.map { $0[1] }
        #expect(rows == rows.sorted())
      }
      if level == -.infinity { #expect(found.count == shape.rows * shape.queryCount) }
      if level == .infinity { #expect(found.isEmpty) }
    }
  }

  @Test(arguments: supportedInstructionSets) func blocksCanBeScannedOneByOne(set: akin_instructions) {
    let codes = Codes(rows: 150, dimension: 21, queryCount: 3)
    let levels = [0, 0.1, 0.2]
    withInstructionSet(set) {
      let parts = (0..<5).flatMap { block in
        codes.scan(levels: levels, from: block, count: 1).map { [$0[0], $0[1] + block * 32] }
      }
      #expect(
        parts.sorted { $0.lexicographicallyPrecedes($1) }
          == codes.scan(levels: levels).sorted { $0.lexicographicallyPrecedes($1) })
    }
  }

  /// The bound is never wrong, and seldom far off.
  @Test(arguments: supportedInstructionSets, shapes)
  func noProductAboveTheLevelIsLeftOut(set: akin_instructions, shape: (rows: Int, dimension: Int, queryCount: Int)) {
    let codes = Codes(rows: shape.rows, dimension: shape.dimension, queryCount: shape.queryCount)
    for row in stride(from: 0, to: shape.rows, by: 7) {
      // Just below one row's own product.
      let levels = (0..<shape.queryCount).map { codes.product($0, row) - 1e-12 }
      let found = Set(withInstructionSet(set) { codes.scan(levels: levels) })
      for query in 0..<shape.queryCount {
        for other in 0..<shape.rows {
          let product = codes.product(query, other)
          if product > levels[query] { #expect(found.contains([query, other])) }
          if product < levels[query] - 0.12 { #expect(!found.contains([query, other])) }
        }
      }
    }
  }

  /// Sums of 16 bits at their limit: all values equal, or of alternating sign, or a single one.
  @Test(arguments: supportedInstructionSets, [4, 32, 36, 64, 1000])
  func extremeCodesDoNotOverflow(set: akin_instructions, dimension: Int) {
    let even = [Float](repeating: 1 / Float(dimension).squareRoot(), count: dimension)
    let alternating = even.indices.map { $0.isMultiple(of: 2) ? even[$0] : -even[$0] }
    let pairs = even.indices.map { ($0 / 2).isMultiple(of: 2) ? even[$0] : 0 }
    let single = even.indices.map { $0 == dimension / 2 ? Float(1) : 0 }
    let all = [even, alternating, pairs, single] + [even, alternating, pairs, single].map { $0.map { -$0 } }
    let codes = Codes(
      rows: 8, dimension: dimension, queryCount: 8, vectors: all.flatMap { $0 }, queries: all.flatMap { $0 })
    let levels = [Double](repeating: 0.25, count: 8)
    withInstructionSet(set) {
      let found = codes.scan(levels: levels)
      #expect(
        found.sorted { $0.lexicographicallyPrecedes($1) }
          == codes.scan(levels: levels, reference: true).sorted { $0.lexicographicallyPrecedes($1) })
      for query in 0..<8 {
        for row in 0..<8 where codes.product(query, row) > 0.25 { #expect(found.contains([query, row])) }
      }
    }
  }

  /// With the codes of a damaged file, the scan ends and stays within its memory.
  @Test(arguments: supportedInstructionSets) func anyBytesAreScanned(set: akin_instructions) {
    let codes = [UInt8](repeating: 255, count: Int(akin_code_block_size(5)))
    for value in [Float.nan, .infinity, -.infinity, 0, -1] {
      var all = akin_codes()
      let blocks = [akin_code_block(inverseScale: value, error: value)]
      var queryCodes = [Int8](repeating: 0, count: 8)
      var query = akin_codes_encode_query(5, [0.1, 0.2, 0.3, 0.4, 0.5], 0, &queryCodes)
      akin_code_query_set_level(&query, 0.5)
      var candidates = [akin_code_candidate](repeating: .init(), count: 32)
      let found = codes.withUnsafeBufferPointer { codes in
        blocks.withUnsafeBufferPointer { blocks in
          queryCodes.withUnsafeBufferPointer { queryCodes in
            query.codes = queryCodes.baseAddress
            all = akin_codes(rows: 32, dimension: 5, codes: codes.baseAddress, blocks: blocks.baseAddress)
            return withInstructionSet(set) { akin_codes_scan(&all, 0, 1, &query, 1, &candidates) }
          }
        }
      }
      #expect((0...32).contains(found))
    }
  }
}
