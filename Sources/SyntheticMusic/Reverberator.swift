/// A room for one ear: four parallel combs that dull the sound as walls do, then two all-passes.
///
/// Source: Moorer, *About This Reverberation Business* (1979).
struct Reverberator {
  private static let combDelays = [558, 638, 745, 808]
  private static let allPassDelays = [278, 170]

  private let feedback: Float
  private let offset: Int

  /// Creates a room of a size from 0 to 1; ears with different offsets (in samples) hear different echoes.
  init(size: Float, offset: Int) {
    feedback = 0.7 + 0.24 * size
    self.offset = offset
  }

  /// The reverberation of the input, without the input itself.
  func process(_ input: [Float]) -> [Float] {
    var output = combs(input)
    for delay in Self.allPassDelays { allPass(&output, delay: delay + offset) }
    return output
  }

  /// The four combs side by side in a vector: each waits for its own last sample, none for the others.
  private func combs(_ input: [Float]) -> [Float] {
    let delays = Self.combDelays.map { $0 + offset }
    let starts = SIMD4(0, delays[0], delays[0] + delays[1], delays[0] + delays[1] + delays[2])
    let ends = starts &+ SIMD4(delays[0], delays[1], delays[2], delays[3])
    var positions = starts
    var damped = SIMD4<Float>()
    var lines = [Float](repeating: 0, count: ends[3])
    var output = [Float](repeating: 0, count: input.count)
    lines.withUnsafeMutableBufferPointer { lines in
      for index in input.indices {
        let echoes = SIMD4(lines[positions[0]], lines[positions[1]], lines[positions[2]], lines[positions[3]])
        output[index] = 0.18 * echoes.sum()
        damped += 0.7 * (echoes - damped)
        let next = input[index] + feedback * damped
        for comb in 0..<4 { lines[positions[comb]] = next[comb] }
        positions &+= 1
        positions.replace(with: starts, where: positions .== ends)
      }
    }
    return output
  }

  private func allPass(_ samples: inout [Float], delay: Int) {
    var line = [Float](repeating: 0, count: delay)
    var position = 0
    line.withUnsafeMutableBufferPointer { line in
      samples.withUnsafeMutableBufferPointer { samples in
        for index in samples.indices {
          let echo = line[position]
          let input = samples[index]
          line[position] = input + 0.5 * echo
          // Echo minus half of what enters the line: every frequency passes with gain 1.
          samples[index] = echo - 0.5 * line[position]
          position = position + 1 == delay ? 0 : position + 1
        }
      }
    }
  }
}
