import CKernels
import Testing

/// The instruction sets that this machine supports.
let supportedInstructionSets = (0..<AKIN_INSTRUCTION_SET_COUNT.rawValue).map(akin_instructions.init(rawValue:))
  .filter(akin_supports_instruction_set)

extension akin_instructions: @retroactive CustomTestStringConvertible {
  /// Its name in the environment variable.
  public var testDescription: String { String(cString: akin_instruction_set_name(self)) }
}

/// Runs `body` with the kernels of one instruction set, on this thread only.
func withInstructionSet<Result>(_ set: akin_instructions, _ body: () throws -> Result) rethrows -> Result {
  #expect(akin_force_instruction_set(set))
  defer { akin_unforce_instruction_set() }
  return try body()
}

/// A seeded generator (SplitMix64), so that every run tests the same numbers.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Small integers, whose sums are exact: winners tie, and results must be equal to the bit.
  mutating func integers(_ count: Int, in range: ClosedRange<Int> = -3...3) -> [Float] {
    (0..<count).map { _ in Float(Int.random(in: range, using: &self)) }
  }

  mutating func reals(_ count: Int, within bound: Float = 1) -> [Float] {
    (0..<count).map { _ in Float.random(in: -bound...bound, using: &self) }
  }
}

func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  zip(a, b).map { abs($0 - $1) }.max() ?? 0
}
