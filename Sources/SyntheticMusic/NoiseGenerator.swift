/// White noise for synthesis: cheaper and of less state than ``SeededGenerator``, which would be needlessly good.
///
/// Source: Marsaglia, *Xorshift RNGs* (2003).
struct NoiseGenerator: Sendable {
  private var state: UInt32

  init(seed: UInt32) {
    state = seed | 1
  }

  /// A uniform sample in -1..<1.
  mutating func next() -> Float {
    state ^= state << 13
    state ^= state >> 17
    state ^= state << 5
    return Float(Int32(bitPattern: state)) * 0x1p-31
  }
}
