import NeuralNetwork
import Testing

@Suite struct ConvolutionBlockTests {
  struct Shape: CustomTestStringConvertible {
    let frames, bands, channels, filters, poolFrames, poolBands: Int
    var testDescription: String { "\(frames)×\(bands)×\(channels) → \(filters), pool \(poolFrames)×\(poolBands)" }
  }

  static let shapes = [
    Shape(frames: 3, bands: 1, channels: 1, filters: 1, poolFrames: 1, poolBands: 1),
    Shape(frames: 12, bands: 7, channels: 1, filters: 16, poolFrames: 2, poolBands: 2),
    Shape(frames: 19, bands: 9, channels: 3, filters: 5, poolFrames: 4, poolBands: 4),
    Shape(frames: 11, bands: 6, channels: 16, filters: 33, poolFrames: 3, poolBands: 1),
    Shape(frames: 17, bands: 10, channels: 16, filters: 33, poolFrames: 2, poolBands: 2),
    Shape(frames: 19, bands: 9, channels: 20, filters: 7, poolFrames: 4, poolBands: 4),
    Shape(frames: 8, bands: 15, channels: 2, filters: 4, poolFrames: 1, poolBands: 15),
  ]

  /// Convolution, ReLU and pooling as separate steps in Double, over everything; ties go to the first.
  private struct Reference {
    var output: [Double] = []
    var weightGradient: [Double]
    var biasGradient: [Double]
    var inputGradient: [Double]

    init(_ s: Shape, input: [Double], weight: [Double], bias: [Double], outputGradient: [Double]) {
      weightGradient = weight.map { _ in 0 }
      biasGradient = bias.map { _ in 0 }
      inputGradient = input.map { _ in 0 }
      func x(_ frame: Int, _ band: Int, _ channel: Int) -> Int { (frame * s.bands + band) * s.channels + channel }
      func w(_ filter: Int, _ channel: Int, _ k: Int) -> Int { (filter * s.channels + channel) * 3 + k }
      for frame in 0..<((s.frames - 2) / s.poolFrames) {
        for band in 0..<(s.bands / s.poolBands) {
          for filter in 0..<s.filters {
            var best = (value: -Double.infinity, frame: 0, band: 0)
            for t in (frame * s.poolFrames)..<((frame + 1) * s.poolFrames) {
              for f in (band * s.poolBands)..<((band + 1) * s.poolBands) {
                var sum = bias[filter]
                for k in 0..<3 { for c in 0..<s.channels { sum += weight[w(filter, c, k)] * input[x(t + k, f, c)] } }
                if max(0, sum) > best.value { best = (max(0, sum), t, f) }
              }
            }
            let g = best.value > 0 ? outputGradient[output.count] : 0
            output.append(best.value)
            biasGradient[filter] += g
            for k in 0..<3 {
              for c in 0..<s.channels {
                weightGradient[w(filter, c, k)] += g * input[x(best.frame + k, best.band, c)]
                inputGradient[x(best.frame + k, best.band, c)] += g * weight[w(filter, c, k)]
              }
            }
          }
        }
      }
    }
  }

  @Test(
    "Forward and backward beside loops in Double; with whole numbers every sum is exact and ties occur",
    arguments: shapes, [false, true])
  func loops(shape s: Shape, isWhole: Bool) {
    var layout = ParameterLayout()
    _ = layout.append("before", shape: [5])
    let block = ConvolutionBlock(
      "block", inputShape: (s.frames, s.bands, s.channels), outputChannels: s.filters,
      pool: (s.poolFrames, s.poolBands), layout: &layout)
    func values(_ count: Int, seed: UInt64) -> [Float] {
      normalValues(count, seed: seed).map { isWhole ? $0.rounded() : $0 }
    }
    let parameters = values(layout.count, seed: 1)
    let input = values(block.inputCount, seed: 2)
    let outputGradient = values(block.outputCount, seed: 3)
    let reference = Reference(
      s, input: input.map(Double.init), weight: parameters[block.weight.range].map(Double.init),
      bias: parameters[block.bias.range].map(Double.init), outputGradient: outputGradient.map(Double.init))

    let (packed, output) = (FloatBuffer(count: block.packedCount), FloatBuffer(count: block.outputCount))
    let (sums, inputGradient) = (FloatBuffer(count: block.gradientCount), FloatBuffer(count: block.inputCount))
    var winners = [UInt8](repeating: 0, count: block.outputCount)
    block.pack(parameters: parameters, into: packed.pointer)
    let cut = block.aligned(0..<block.outputShape.frames / 2).upperBound
    for frames in [cut..<block.outputShape.frames, 0..<cut] {
      block.forward(
        frames: frames, input: input, packed: packed.pointer, parameters: parameters, output: output.pointer,
        winners: &winners)
    }
    block.backward(
      input: input, packed: packed.pointer, output: output.pointer, winners: winners, outputGradient: outputGradient,
      inputGradient: inputGradient.pointer, gradient: sums.pointer)
    var gradient = [Float](repeating: 0, count: layout.count)
    block.unpack(gradient: sums.pointer, into: &gradient)

    let tolerance = isWhole ? 0 : 2e-5
    func array(_ buffer: FloatBuffer) -> [Float] {
      Array(UnsafeBufferPointer(start: buffer.pointer, count: buffer.count))
    }
    #expect(largestDifference(array(output), reference.output) <= tolerance)
    #expect(largestDifference(Array(gradient[block.weight.range]), reference.weightGradient) <= tolerance)
    #expect(largestDifference(Array(gradient[block.bias.range]), reference.biasGradient) <= tolerance)
    #expect(largestDifference(array(inputGradient), reference.inputGradient) <= tolerance)
    #expect(gradient[0..<5].allSatisfy { $0 == 0 })
  }
}
