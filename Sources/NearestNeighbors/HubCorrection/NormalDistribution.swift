import Foundation

/// The standard normal distribution, precise even far out in its tails.
package enum NormalDistribution {
  /// The probability of values above `z`; that of values below `z` is `tail(-z)`.
  package static func tail(_ z: Double) -> Double { erfc(z / 2.0.squareRoot()) / 2 }

  /// The `z` above which values lie with the given probability, within 1e-290...0.5.
  ///
  /// A rational approximation (Abramowitz & Stegun 26.2.23, within 5e-4), then Newton's method.
  static func quantile(ofTail probability: Double) -> Double {
    let t = (-2 * log(probability)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var z = t - numerator / denominator
    for _ in 0..<2 { z += (tail(z) - probability) / density(z) }
    return z
  }

  private static func density(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }
}
