#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// log Σ exp x, computed relative to the largest x, so that finite numbers never overflow; NaN if one of them is NaN.
struct LogSumExp {
  /// The logarithm; −∞ for no numbers.
  let value: Double

  /// The logarithm over `exponents`, and over one more if given.
  init(_ exponents: [Double], including more: Double? = nil) {
    let all = exponents + (more.map { [$0] } ?? [])
    let largest = all.reduce(-Double.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 }
    value = largest.isFinite ? log(all.reduce(0) { $0 + exp($1 - largest) }) + largest : largest
  }

  /// exp x / Σ exp, the derivative of the logarithm with respect to x.
  func share(of exponent: Double) -> Double {
    exp(exponent - value)
  }
}
