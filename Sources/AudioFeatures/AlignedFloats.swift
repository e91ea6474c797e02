/// Owns floats aligned for the widest vectors, as FFmpeg's transforms require; initially zero.
struct AlignedFloats: ~Copyable {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
    pointer = bytes.bindMemory(to: Float.self, capacity: count)
    pointer.initialize(repeating: 0, count: count)
    self.count = count
  }

  init(_ values: some Collection<Float>) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  deinit { pointer.deallocate() }
}
