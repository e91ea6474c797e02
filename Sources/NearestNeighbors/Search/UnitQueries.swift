import CKernels

/// Queries as a search reads them: normalised to length 1, and as codes.
struct UnitQueries: ~Copyable {
  let count: Int
  private let vectors: UnsafeMutableBufferPointer<UnitVector.Block>
  private let codes: UnsafeMutableBufferPointer<Int8>
  private let coded: UnsafeMutableBufferPointer<akin_code_query>

  /// Prepares row-major `queries` of `dimension` finite values.
  init(_ queries: ArraySlice<Float>, dimension: Int) {
    count = queries.count / dimension
    let blockCount = UnitVector.blockCount(dimension: dimension)
    let codeCount = Int(akin_code_query_size(Int32(dimension)))
    vectors = .allocate(capacity: count * blockCount)
    vectors.initialize(repeating: .zero)
    codes = .allocate(capacity: count * codeCount)
    coded = .allocate(capacity: count)
    guard let vectors = vectors.baseAddress, let codes = codes.baseAddress, let coded = coded.baseAddress else {
      return
    }
    let rounding = UnitVector.rounding(blockCount: blockCount)
    queries.withUnsafeBufferPointer { queries in
      guard let queries = queries.baseAddress else { return }
      for query in 0..<count {
        let vector = vectors + query * blockCount
        UnitVector.write(normalising: queries + query * dimension, dimension: dimension, to: vector)
        let values = UnsafeRawPointer(vector).assumingMemoryBound(to: Float.self)
        (coded + query).initialize(
          to: akin_codes_encode_query(Int32(dimension), values, rounding, codes + query * codeCount))
      }
    }
  }

  deinit {
    vectors.deallocate()
    codes.deallocate()
    coded.deallocate()
  }

  /// Calls `body` with the coded queries, whose levels it may set, and the vectors; not called if there are none.
  func withUnsafeParts(
    _ body: (UnsafeMutableBufferPointer<akin_code_query>, UnsafePointer<UnitVector.Block>) -> Void
  ) {
    guard count > 0, let vectors = vectors.baseAddress else { return }
    body(coded, vectors)
  }
}
