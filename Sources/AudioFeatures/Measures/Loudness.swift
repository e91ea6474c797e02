#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Integrated loudness by ITU-R BS.1770-4 from the K-weighted power of short frames.
enum Loudness {
  /// The loudness in LUFS; nil if nothing is louder than the absolute gate, -70 LUFS.
  ///
  /// - Parameters:
  ///   - powers: The mean square of each frame, K-weighted, all channels together.
  ///   - frameRate: Frames a second. Blocks are of 400 ms, 100 ms apart, in whole frames.
  static func integrated(powers: [Double], frameRate: Double) -> Double? {
    let length = max(1, min(powers.count, Int((0.4 * frameRate).rounded())))
    let step = max(1, Int((0.1 * frameRate).rounded()))
    guard !powers.isEmpty else { return nil }
    let blocks = stride(from: 0, through: powers.count - length, by: step).map { start in
      powers[start..<start + length].reduce(0, +) / Double(length)
    }
    let heard = blocks.filter { level($0) > -70 }
    guard !heard.isEmpty else { return nil }
    let relative = level(mean(heard)) - 10
    let loud = heard.filter { level($0) > relative }
    return level(mean(loud))
  }

  private static func level(_ power: Double) -> Double { -0.691 + 10 * log10(max(power, 1e-30)) }
  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
