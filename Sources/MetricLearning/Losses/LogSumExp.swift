#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// log Σ exp x, through the largest x, so that numbers of any finite size do not overflow; NaN where one is NaN.
struct LogSumExp {
  /// The logarithm; −∞ of no numbers.
  let value: Double

  /// The logarithm over `exponents`, and over one more where it is given.
  init(_ exponents: [Double], including more: Double? = nil) {
    let all = exponents + (more.map { [$0] } ?? [])
    let largest = all.reduce(-Double.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 }
    value = largest.isFinite ? log(all.reduce(0) { $0 + exp($1 - largest) }) + largest : largest
  }

  /// exp x / Σ exp, the slope of the logarithm by one of its numbers.
  func share(of exponent: Double) -> Double {
    exp(exponent - value)
  }
}
