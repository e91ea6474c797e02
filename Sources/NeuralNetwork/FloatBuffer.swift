/// Owns a zeroed block of 32-bit floats, aligned to 64 bytes.
///
/// Layers work on raw pointers, which the kernels read and write; this class frees the memory.
public final class FloatBuffer {
  /// The first element.
  public let pointer: UnsafeMutablePointer<Float>
  /// The number of elements.
  public let count: Int

  /// Allocates `count` zeros.
  public init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) floats")
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
    self.count = count
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// Sets every element to zero.
  public func zero() { pointer.update(repeating: 0, count: count) }

  /// Adds each element to the one at the same index behind `total`.
  public func add(to total: UnsafeMutablePointer<Float>) {
    let pointer = pointer
    for i in 0..<count { total[i] += pointer[i] }
  }
}
