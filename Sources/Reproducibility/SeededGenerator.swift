#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A seeded random number generator: xoshiro256**, seeded through SplitMix64 as its authors recommend.
///
/// The same seed gives the same numbers on every machine. The state is `Codable`, so that a resumed run goes on with
/// the numbers that it would have drawn without the interruption. Source: Blackman and Vigna, *Scrambled Linear
/// Pseudorandom Number Generators* (2021).
public struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state: SIMD4<UInt64>

  /// Creates a generator from a seed, which may have any value.
  public init(seed: UInt64) {
    var splitMix = SplitMix(seed: seed)
    state = .zero
    for index in state.indices { state[index] = splitMix.next() }
  }

  /// Reads a stored state: four numbers.
  ///
  /// - Throws: `DecodingError`, also if all four are 0, since the generator would then give nothing but 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    state = try container.decode(SIMD4<UInt64>.self, forKey: .state)
    guard state != .zero else {
      throw DecodingError.dataCorruptedError(
        forKey: .state, in: container, debugDescription: "a generator's state of zeros")
    }
  }

  private enum CodingKeys: CodingKey { case state }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, by k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(state[1] &* 5, by: 7) &* 9
    let shifted = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotated(state[3], by: 45)
    return result
  }

  /// A uniform number in 0..<1 with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform integer.
  public mutating func integer(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// A standard normal number, by Box and Muller's transform.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}
