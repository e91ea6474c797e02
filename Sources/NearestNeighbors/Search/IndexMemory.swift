/// The memory of an index, allocated or mapped from a file. It is released with the last index that uses it.
package final class IndexMemory: @unchecked Sendable {
  // Sendable, since nobody writes to the bytes any more.

  /// Valid as long as this object exists.
  package let bytes: UnsafeRawBufferPointer
  private let release: @Sendable (UnsafeRawBufferPointer) -> Void

  /// Takes over bytes that nobody writes to any more; `release` is called once, after their last use.
  package init(_ bytes: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
    self.bytes = bytes
    self.release = release
  }

  /// Memory that is zero at first, and that `write` fills.
  convenience init(byteCount: Int, alignment: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: alignment)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    write(bytes)
    self.init(UnsafeRawBufferPointer(bytes)) { $0.deallocate() }
  }

  deinit { release(bytes) }
}
