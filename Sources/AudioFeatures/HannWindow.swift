#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The periodic Hann window, `½ - ½ cos(2πn / length)`, as for spectrograms (the symmetric one, for designing filters,
/// divides by `length - 1`).
public struct HannWindow: Sendable, Hashable {
  /// The window's values, 0 to 1.
  public let values: [Float]

  /// Makes a window of `length` samples (≥ 1).
  public init(length: Int) {
    precondition(length >= 1, "A window has at least one sample, not \(length)")
    values = (0..<length).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length))) }
  }
}
