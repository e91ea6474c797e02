import Foundation

/// The generator SplitMix64 (Steele, Lea and Flood, 2014). It seeds `SeededGenerator`, and t-SNE draws from it.
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Two independent values of the standard normal distribution (Box and Muller, 1958).
  package mutating func nextNormalPair() -> SIMD2<Double> {
    // In (0, 1], so that the logarithm is finite.
    let radius = (-2 * log(Double((next() >> 11) + 1) * 0x1p-53)).squareRoot()
    let angle = 2 * Double.pi * Double(next() >> 11) * 0x1p-53
    return [radius * cos(angle), radius * sin(angle)]
  }
}
