extension UnsafeBufferPointer where Element == Float {
  /// Four neighbouring elements: sums over them run side by side, where one chain of additions would wait for each.
  func lanes(at index: Int) -> SIMD4<Float> {
    SIMD4(self[index], self[index + 1], self[index + 2], self[index + 3])
  }
}
