import CKernels
import Testing

@Suite struct MaxPoolTests {
  @Test(arguments: [(8, 6, 4, 2), (13, 9, 4, 2), (9, 77, 2, 2), (5, 5, 1, 1), (7, 11, 3, 5), (640, 128, 4, 2)])
  func takesTheFirstMaximum(frames: Int, bands: Int, poolFrames: Int, poolBands: Int) {
    var generator = TestGenerator(seed: 5)
    let input = generator.integers(frames * bands)
    let width = bands / poolBands, count = frames / poolFrames * width
    var output = [Float](repeating: .nan, count: count), alone = output
    var winners = [UInt8](repeating: .max, count: count)
    akin_max_pool(Int32(frames), Int32(bands), Int32(poolFrames), Int32(poolBands), input, &output, &winners)
    for set in supportedInstructionSets {
      withInstructionSet(set) {
        akin_max_pool(Int32(frames), Int32(bands), Int32(poolFrames), Int32(poolBands), input, &alone, nil)
      }
      #expect(alone == output)
    }
    for place in 0..<count {
      let start = place / width * poolFrames * bands + place % width * poolBands
      let pool = (0..<poolFrames * poolBands).map { input[start + $0 / poolBands * bands + $0 % poolBands] }
      #expect(pool.max() == output[place])
      #expect(pool.firstIndex(of: output[place]) == Int(winners[place]))
    }
  }
}
