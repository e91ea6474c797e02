import CKernels
import Testing

@Suite struct DecimationTests {
  /// The filter by its definition.
  private static func expected(_ input: [Float], _ taps: [Float], factor: Int, count: Int) -> [Float] {
    (0..<count).map { n in taps.indices.reduce(0) { $0 + taps[$1] * input[n * factor + $1] } }
  }

  @Test(arguments: [(2, 135, 576), (2, 136, 1), (2, 1, 97), (3, 203, 200), (4, 5, 48), (24, 1617, 7), (2, 68, 0)])
  func filtersAndLeavesOut(factor: Int, tapCount: Int, count: Int) {
    var generator = TestGenerator(seed: 9)
    let taps = generator.integers(tapCount)
    let tapsPerPhase = (tapCount + factor - 1) / factor
    let stride = count + tapsPerPhase - 1 + Int(AKIN_DECIMATION_SPARE)
    let input = generator.integers(stride * factor)
    // Split into phases; floats past the last sample must not matter, even if they are NaN.
    let phases = (0..<factor).flatMap { phase in
      (0..<stride).map { $0 < count + tapsPerPhase - 1 ? input[$0 * factor + phase] : .nan }
    }
    let apart = (0..<factor).flatMap { phase in
      (0..<tapsPerPhase).map { $0 * factor + phase < tapCount ? taps[$0 * factor + phase] : 0 }
    }
    var decimation = akin_decimation(
      factor: Int32(factor), tapsPerPhase: Int32(tapsPerPhase), phaseStride: Int64(stride))
    let expected = Self.expected(input, taps, factor: factor, count: count)
    for set in supportedInstructionSets {
      var output = [Float](repeating: 7, count: count + 1)
      withInstructionSet(set) { akin_decimate(&decimation, phases, apart, &output, Int64(count)) }
      #expect(output == expected + [7])
    }
  }

  @Test("The same sums, to the bit, wherever a block begins")
  func doesNotDependOnBlocks() {
    var generator = TestGenerator(seed: 10)
    let (count, tapsPerPhase) = (300, 68)
    let stride = count + tapsPerPhase - 1 + Int(AKIN_DECIMATION_SPARE)
    let phases = generator.reals(2 * stride), taps = generator.reals(2 * tapsPerPhase)
    var decimation = akin_decimation(factor: 2, tapsPerPhase: Int32(tapsPerPhase), phaseStride: Int64(stride))
    for set in supportedInstructionSets {
      withInstructionSet(set) {
        var whole = [Float](repeating: 0, count: count)
        akin_decimate(&decimation, phases, taps, &whole, Int64(count))
        for start in [1, 7, 50, 299] {
          var part = [Float](repeating: 0, count: count - start)
          phases.withUnsafeBufferPointer { phases in
            guard let base = phases.baseAddress else { return }
            akin_decimate(&decimation, base + start, taps, &part, Int64(count - start))
          }
          #expect(part == Array(whole[start...]))
        }
      }
    }
  }
}
