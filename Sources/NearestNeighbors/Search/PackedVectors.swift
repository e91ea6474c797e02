import CKernels

/// The vectors of an index as a search reads them: normalised to length 1, and also as codes of 7 bits per value, by
/// which a search rules out most vectors. All of it is one piece of memory, which may be mapped from a file.
///
/// It takes 5 bytes per value, with the dimension rounded up to a multiple of 16.
public struct PackedVectors: Sendable {
  /// The number of vectors.
  public let count: Int
  /// The length of a vector.
  public let dimension: Int
  private let layout: Layout
  private let memory: IndexMemory
  private let offset: Int
  private let check: BlockCheck?

  /// The largest dimension of an index.
  public static var largestDimension: Int { Int(AKIN_CODE_LARGEST_DIMENSION) }

  /// Packs row-major `vectors` of `dimension` values, from 1 to `largestDimension`.
  ///
  /// - Throws: `NearestNeighborsError.notFinite`.
  public init(_ vectors: [Float], dimension: Int) throws(NearestNeighborsError) {
    precondition(
      (1...Self.largestDimension).contains(dimension),
      "the dimension is \(dimension); it must lie in 1...\(Self.largestDimension)")
    precondition(
      vectors.count.isMultiple(of: dimension), "\(vectors.count) values are not rows of \(dimension)")
    try NearestNeighborsError.check(vectors, dimension: dimension)
    let count = vectors.count / dimension
    let layout = Layout(count: count, dimension: dimension)
    self.count = count
    self.dimension = dimension
    self.layout = layout
    offset = 0
    check = nil
    memory = IndexMemory(byteCount: layout.byteCount, alignment: Layout.alignment) { bytes in
      guard let start = bytes.baseAddress else { return }
      vectors.withUnsafeBufferPointer { layout.write($0, count: count, dimension: dimension, to: start) }
    }
  }

  /// Vectors that were packed before and lie in `memory` from `offset` on; nil if they do not fit into it, or do not
  /// begin at a multiple of `alignment`.
  ///
  /// Bytes that do not come from `withUnsafeBytes` give wrong results, but cannot do worse harm.
  ///
  /// - Parameter check: Checks the values, whose part it must be of, before they are read; nil trusts them. Codes are
  ///   always trusted.
  package init?(count: Int, dimension: Int, in memory: IndexMemory, at offset: Int, check: BlockCheck? = nil) {
    guard (0...1 << 40).contains(count), (1...Self.largestDimension).contains(dimension) else { return nil }
    layout = Layout(count: count, dimension: dimension)
    guard offset >= 0, offset <= memory.bytes.count, memory.bytes.count - offset >= layout.byteCount,
      (Int(bitPattern: memory.bytes.baseAddress) + offset).isMultiple(of: Self.alignment)
    else { return nil }
    self.count = count
    self.dimension = dimension
    self.memory = memory
    self.offset = offset
    self.check = check
  }

  /// Packed vectors may begin at multiples of this many bytes.
  package static var alignment: Int { Layout.alignment }

  /// The number of bytes of packed vectors, and of the codes at their beginning. Every search reads all codes, but few
  /// of the values behind them. Both are multiples of `alignment`.
  package static func byteCounts(count: Int, dimension: Int) -> (all: Int, codes: Int) {
    let layout = Layout(count: count, dimension: dimension)
    return (layout.byteCount, layout.vectors)
  }

  /// The packed vectors, for writing to a file. Their format is the same on all processors with the same byte order.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(memory) {
      try body(UnsafeRawBufferPointer(rebasing: memory.bytes[offset..<offset + layout.byteCount]))
    }
  }

  /// Calls `body` with the codes and the vectors, each of `blocksPerVector` blocks; not called if there are none.
  func withUnsafeParts(_ body: (akin_codes, UnsafePointer<UnitVector.Block>) -> Void) {
    withUnsafeBytes { bytes in
      guard count > 0, let start = bytes.baseAddress else { return }
      let codes = akin_codes(
        rows: Int64(count), dimension: Int32(dimension),
        codes: (start + layout.codes).assumingMemoryBound(to: UInt8.self),
        blocks: start.assumingMemoryBound(to: akin_code_block.self))
      body(codes, (start + layout.vectors).assumingMemoryBound(to: UnitVector.Block.self))
    }
  }

  /// Whether a row's values may be read. If not, `throwIfDamaged` throws from now on.
  @inline(__always)
  func isWhole(_ row: Int) -> Bool {
    guard let check else { return true }
    let size = blocksPerVector * MemoryLayout<UnitVector.Block>.stride
    return check.areWhole(row * size..<(row + 1) * size)
  }

  /// Every reader of values calls it when it has read them.
  ///
  /// - Throws: `NearestNeighborsError.damaged` if values had changed since they were written.
  package func throwIfDamaged() throws(NearestNeighborsError) {
    if check?.isDamaged == true { throw .damaged }
  }

  /// The bytes of values that are checked together: whole vectors, a page or more, so that a search checks little that it
  /// does not read.
  package static func checkedBlockSize(dimension: Int) -> Int {
    let size = UnitVector.blockCount(dimension: dimension) * MemoryLayout<UnitVector.Block>.stride
    return (4096 + size - 1) / size * size
  }

  var blocksPerVector: Int { UnitVector.blockCount(dimension: dimension) }
}

/// The offsets of the parts: first the scale of each block of codes, then the codes, then the vectors.
private struct Layout: Sendable {
  /// A cache line, and at least the alignment of a vector's block.
  static let alignment = 64

  let codes: Int
  let vectors: Int
  let byteCount: Int

  init(count: Int, dimension: Int) {
    let blockCount = (count + Int(AKIN_CODE_ROWS) - 1) / Int(AKIN_CODE_ROWS)
    func aligned(_ offset: Int) -> Int { (offset + Self.alignment - 1) / Self.alignment * Self.alignment }
    codes = aligned(blockCount * MemoryLayout<akin_code_block>.stride)
    vectors = aligned(codes + blockCount * Int(akin_code_block_size(Int32(dimension))))
    byteCount = vectors + count * UnitVector.blockCount(dimension: dimension) * MemoryLayout<UnitVector.Block>.stride
  }

  func write(
    _ values: UnsafeBufferPointer<Float>, count: Int, dimension: Int, to start: UnsafeMutableRawPointer
  ) {
    guard let values = values.baseAddress else { return }
    let rowsPerBlock = Int(AKIN_CODE_ROWS)
    let codeBlocks = start.bindMemory(to: akin_code_block.self, capacity: codes / MemoryLayout<akin_code_block>.stride)
    let codes = (start + codes).assumingMemoryBound(to: UInt8.self)
    let vectors = (start + vectors).assumingMemoryBound(to: UnitVector.Block.self)
    let stride = UnitVector.blockCount(dimension: dimension)
    for first in Swift.stride(from: 0, to: count, by: rowsPerBlock) {
      let rows = first..<min(first + rowsPerBlock, count)
      for row in rows {
        UnitVector.write(normalising: values + row * dimension, dimension: dimension, to: vectors + row * stride)
      }
      let block = first / rowsPerBlock
      akin_codes_encode_block(
        Int32(rows.count), Int32(dimension),
        UnsafeRawPointer(vectors + first * stride).assumingMemoryBound(to: Float.self),
        Int64(stride * UnitVector.Block.scalarCount), codes + block * Int(akin_code_block_size(Int32(dimension))),
        codeBlocks + block)
    }
  }
}
