#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The logistic function, σ(x) = 1 / (1 + e⁻ˣ).
public enum Sigmoid {
  /// Replaces each value by its σ.
  public static func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { values[i] = 1 / (1 + expf(-values[i])) }
  }

  /// Turns the gradient by the output into the gradient by the input: g ← g · σ · (1 - σ).
  public static func backward(
    output: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { gradient[i] *= output[i] * (1 - output[i]) }
  }
}
