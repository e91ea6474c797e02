import Synchronization

/// Checks the blocks of a part of a mapped file, each when it is read for the first time: so a search that reads little
/// of a large file checks little, and nothing unchecked is ever used.
///
/// The part is cut into blocks of `blockSize` bytes, the last one shorter. The table of their checksums lies in the same
/// memory. What the blocks hold does not matter here.
package final class BlockCheck: @unchecked Sendable {
  // Sendable, since the memory does not change and the bits are atomic.

  private let memory: IndexMemory
  private let part: Range<Int>
  private let table: Int
  private let blockSize: Int
  private let words: Int
  /// A bit for each block that was found whole. Two threads may check the same block at once, and agree.
  private let checked: UnsafeMutablePointer<Atomic<UInt64>>
  private let foundDamage = Atomic<Bool>(false)

  /// Blocks of a part of `memory`, whose checksums, in 64 bits each and little-endian, begin at `table`.
  package init(memory: IndexMemory, part: Range<Int>, blockSize: Int, table: Int) {
    precondition(blockSize > 0 && blockSize.isMultiple(of: 64), "blocks of \(blockSize) bytes")
    precondition((0...memory.bytes.count).contains(part.upperBound), "\(part) of \(memory.bytes.count) bytes")
    let count = Self.blockCount(of: part.count, blockSize: blockSize)
    precondition(table >= 0 && table + 8 * count <= memory.bytes.count, "a table of \(count) checksums at \(table)")
    self.memory = memory
    self.part = part
    self.table = table
    self.blockSize = blockSize
    words = (count + 63) / 64
    checked = .allocate(capacity: words)
    for word in 0..<words { (checked + word).initialize(to: Atomic(0)) }
  }

  deinit {
    checked.deinitialize(count: words)
    checked.deallocate()
  }

  /// The number of blocks of `byteCount` bytes.
  package static func blockCount(of byteCount: Int, blockSize: Int) -> Int { (byteCount + blockSize - 1) / blockSize }

  /// The table of checksums of what will be read, for writing to the file.
  package static func checksums(of bytes: UnsafeRawBufferPointer, blockSize: Int) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: blockSize).map { start in
      Checksum.value(of: UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + blockSize, bytes.count)]))
    }
  }

  /// Whether a block that was read had changed since it was written. What was made of it must not be used.
  package var isDamaged: Bool { foundDamage.load(ordering: .acquiring) }

  /// Whether the bytes of a range, relative to the part, are as they were written. If not, `isDamaged` is true from now
  /// on.
  @inline(__always)
  func areWhole(_ bytes: Range<Int>) -> Bool {
    for block in bytes.lowerBound / blockSize...(bytes.upperBound - 1) / blockSize {
      let bit = UInt64(1) << UInt64(block & 63)
      // Whether a block is known to be whole orders no other access: the bytes never change.
      if checked[block >> 6].load(ordering: .relaxed) & bit == 0, !check(block) { return false }
    }
    return true
  }

  @inline(never)
  private func check(_ block: Int) -> Bool {
    let start = part.lowerBound + block * blockSize
    let bytes = UnsafeRawBufferPointer(rebasing: memory.bytes[start..<min(start + blockSize, part.upperBound)])
    let stored = memory.bytes.loadUnaligned(fromByteOffset: table + 8 * block, as: UInt64.self)
    guard Checksum.value(of: bytes) == UInt64(littleEndian: stored) else {
      foundDamage.store(true, ordering: .releasing)
      return false
    }
    checked[block >> 6].bitwiseOr(UInt64(1) << UInt64(block & 63), ordering: .relaxed)
    return true
  }
}
