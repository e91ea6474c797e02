extension UnsafeBufferPointer where Element == Float {
  /// Four neighbouring elements, for four sums side by side: additions to a single sum would wait for each other.
  func lanes(at index: Int) -> SIMD4<Float> {
    SIMD4(self[index], self[index + 1], self[index + 2], self[index + 3])
  }
}
