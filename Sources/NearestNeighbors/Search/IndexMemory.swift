/// Memory that an index lies in: allocated, or a file's where its owner mapped it. It is released with the last
/// index that uses it.
package final class IndexMemory: @unchecked Sendable {
  // Sendable because nobody writes to the bytes once they are here.

  /// Valid for as long as the object lives.
  package let bytes: UnsafeRawBufferPointer
  private let release: @Sendable (UnsafeRawBufferPointer) -> Void

  /// Takes over bytes that nobody writes to any more; `release` is called once, when they are no longer in use.
  package init(_ bytes: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
    self.bytes = bytes
    self.release = release
  }

  /// Memory that `write` fills; it is zeros before.
  convenience init(byteCount: Int, alignment: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: alignment)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    write(bytes)
    self.init(UnsafeRawBufferPointer(bytes)) { $0.deallocate() }
  }

  deinit { release(bytes) }
}
