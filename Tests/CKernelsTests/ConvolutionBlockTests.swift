import CKernels
import Testing

/// A block with inputs, and the results of its forward and backward pass.
private struct Block {
  var shape: akin_conv_block
  var input: [Float], weights: [Float], bias: [Float], outputGradient: [Float]

  init(_ shape: akin_conv_block, biasRange: ClosedRange<Int> = -3...3, exact: Bool = true, seed: UInt64 = 1) {
    var generator = TestGenerator(seed: seed)
    self.shape = shape
    let weightCount = Int(shape.outputChannels * shape.inputChannels) * 3
    let inputCount = Int(shape.inputFrames * shape.inputBands * shape.inputChannels)
    input = exact ? generator.integers(inputCount) : generator.reals(inputCount)
    weights = exact ? generator.integers(weightCount) : generator.reals(weightCount, within: 0.1)
    bias = generator.integers(Int(shape.outputChannels), in: biasRange)
    let outputs =
      Int((shape.inputFrames - 2) / shape.poolFrames * (shape.inputBands / shape.poolBands) * shape.outputChannels)
    outputGradient = exact ? generator.integers(outputs) : generator.reals(outputs)
  }

  var packed: [Float] {
    var shape = shape
    var packed = [Float](repeating: .nan, count: Int(akin_conv_block_packed_count(&shape)))
    akin_conv_block_pack(&shape, weights, &packed)
    return packed
  }

  func forward(reference: Bool) -> (output: [Float], winners: [UInt8]) {
    var shape = shape
    var output = [Float](repeating: .nan, count: outputGradient.count)
    var winners = [UInt8](repeating: .max, count: outputGradient.count)
    let kernel = reference ? akin_reference_conv_block_forward : akin_conv_block_forward
    kernel(&shape, input, packed, bias, &output, &winners)
    return (output, winners)
  }

  func forwardWithoutWinners() -> [Float] {
    var shape = shape
    var output = [Float](repeating: .nan, count: outputGradient.count)
    akin_conv_block_forward(&shape, input, packed, bias, &output, nil)
    return output
  }

  /// Gradients by the kernel or its reference, both from the reference's outputs.
  func backward(reference: Bool, wantsInput: Bool = true) -> (input: [Float], weights: [Float], bias: [Float]) {
    var shape = shape
    let (output, winners) = forward(reference: true)
    var gradient = [Float](repeating: 0, count: Int(akin_conv_block_gradient_count(&shape)))
    var inputGradient = [Float](repeating: .nan, count: wantsInput ? input.count : 0)
    let kernel = reference ? akin_reference_conv_block_backward : akin_conv_block_backward
    if wantsInput {
      kernel(&shape, input, packed, output, winners, outputGradient, &inputGradient, &gradient)
    } else {
      kernel(&shape, input, packed, output, winners, outputGradient, nil, &gradient)
    }
    var weightGradient = [Float](repeating: 0, count: weights.count)
    var biasGradient = [Float](repeating: 0, count: bias.count)
    akin_conv_block_unpack_gradient(&shape, gradient, &weightGradient, &biasGradient)
    return (inputGradient, weightGradient, biasGradient)
  }

  /// The output computed a second way, from PyTorch's layout of the weights and without packing.
  func value(frame: Int, band: Int, channel: Int) -> Float {
    let channels = Int(shape.inputChannels), bands = Int(shape.inputBands)
    var sum = bias[channel]
    for k in 0..<3 {
      for i in 0..<channels {
        sum += weights[(channel * channels + i) * 3 + k] * input[((frame + k) * bands + band) * channels + i]
      }
    }
    return sum
  }
}

private func shape(
  _ frames: Int32, _ bands: Int32, _ channels: Int32, to outputs: Int32, pool: (Int32, Int32)
) -> akin_conv_block {
  akin_conv_block(
    inputFrames: frames, inputBands: bands, inputChannels: channels, outputChannels: outputs, poolFrames: pool.0,
    poolBands: pool.1)
}

/// The network's five layers with few frames, and sizes that do not fit vectors or tiles.
private let shapes: [akin_conv_block] = [
  shape(12, 12, 1, to: 16, pool: (2, 2)), shape(13, 9, 16, to: 32, pool: (2, 2)),
  shape(10, 8, 32, to: 64, pool: (2, 2)), shape(14, 8, 64, to: 128, pool: (4, 4)),
  shape(11, 4, 128, to: 64, pool: (4, 4)), shape(3, 1, 1, to: 1, pool: (1, 1)), shape(9, 7, 3, to: 5, pool: (2, 3)),
  shape(9, 7, 1, to: 17, pool: (2, 2)), shape(10, 9, 1, to: 33, pool: (3, 1)), shape(12, 9, 17, to: 49, pool: (2, 2)),
  shape(12, 11, 15, to: 31, pool: (4, 2)), shape(20, 16, 2, to: 3, pool: (15, 15)),
  shape(2, 4, 2, to: 3, pool: (2, 2)), shape(5, 64, 9, to: 65, pool: (1, 1)),
]

@Suite struct ConvolutionBlockTests {
  @Test(arguments: supportedInstructionSets, shapes)
  func equalsReferenceExactly(set: akin_instructions, shape: akin_conv_block) {
    let block = Block(shape)
    let expected = block.forward(reference: true), expectedGradients = block.backward(reference: true)
    withInstructionSet(set) {
      let (output, winners) = block.forward(reference: false)
      #expect(output == expected.output)
      #expect(winners == expected.winners)
      #expect(block.forwardWithoutWinners() == expected.output)
      let gradients = block.backward(reference: false)
      #expect(gradients.input == expectedGradients.input)
      #expect(gradients.weights == expectedGradients.weights)
      #expect(gradients.bias == expectedGradients.bias)
      let withoutInput = block.backward(reference: false, wantsInput: false)
      #expect(withoutInput.weights == expectedGradients.weights)
      #expect(withoutInput.bias == expectedGradients.bias)
    }
  }

  @Test(arguments: supportedInstructionSets, shapes)
  func agreesWithReferenceOnReals(set: akin_instructions, shape: akin_conv_block) {
    let block = Block(shape, exact: false, seed: 2)
    let expected = block.forward(reference: true).output, expectedGradients = block.backward(reference: true)
    withInstructionSet(set) {
      #expect(largestDifference(block.forward(reference: false).output, expected) < 1e-5)
      let gradients = block.backward(reference: false)
      #expect(largestDifference(gradients.input, expectedGradients.input) < 1e-5)
      #expect(largestDifference(gradients.weights, expectedGradients.weights) < 1e-4)
      #expect(largestDifference(gradients.bias, expectedGradients.bias) < 1e-4)
    }
  }

  @Test(arguments: supportedInstructionSets, shapes)
  func deadOutputsPassNothingOn(set: akin_instructions, shape: akin_conv_block) {
    let block = Block(shape, biasRange: -9000 ... -9000)
    withInstructionSet(set) {
      #expect(block.forward(reference: false).output.allSatisfy { $0 == 0 })
      let gradients = block.backward(reference: false)
      #expect(gradients.input.allSatisfy { $0 == 0 })
      #expect(gradients.weights.allSatisfy { $0 == 0 })
      #expect(gradients.bias.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: supportedInstructionSets)
  func firstOfEqualsWins(set: akin_instructions) {
    for pool in [(2, 2), (4, 4), (4, 1), (3, 2)] as [(Int32, Int32)] {
      var block = Block(shape(14, 8, 8, to: 16, pool: pool), biasRange: 1...1)
      block.input = block.input.map { _ in 0 }
      withInstructionSet(set) {
        #expect(block.forward(reference: false).winners.allSatisfy { $0 == 0 })
      }
    }
  }

  /// The reference itself, compared with the definition in PyTorch's layouts.
  @Test func referenceIsTheDefinition() {
    let block = Block(shape(9, 6, 3, to: 4, pool: (3, 2)))
    let (output, winners) = block.forward(reference: true)
    var place = 0
    for frame in 0..<2 {
      for band in 0..<3 {
        for channel in 0..<4 {
          let pool = (0..<6).map {
            block.value(frame: frame * 3 + $0 / 2, band: band * 2 + $0 % 2, channel: channel)
          }
          let best = pool.max() ?? .nan
          #expect(output[place] == max(best, 0))
          #expect(pool.firstIndex(of: best) == Int(winners[place]))
          place += 1
        }
      }
    }
  }

  /// The reference's gradients, compared with finite differences.
  @Test func referenceGradientIsTheDerivative() {
    let block = Block(shape(8, 4, 2, to: 3, pool: (2, 2)), exact: false, seed: 3)
    let gradients = block.backward(reference: true)
    func loss(_ block: Block) -> Double {
      zip(block.forward(reference: true).output, block.outputGradient).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    func derivative(_ path: WritableKeyPath<Block, [Float]>, _ index: Int) -> Float {
      let step: Float = 1e-3
      var above = block, below = block
      above[keyPath: path][index] += step
      below[keyPath: path][index] -= step
      return Float((loss(above) - loss(below)) / Double(2 * step))
    }
    for i in block.weights.indices { #expect(abs(derivative(\.weights, i) - gradients.weights[i]) < 2e-2) }
    for i in block.bias.indices { #expect(abs(derivative(\.bias, i) - gradients.bias[i]) < 2e-2) }
    for i in block.input.indices { #expect(abs(derivative(\.input, i) - gradients.input[i]) < 2e-2) }
  }

  @Test(arguments: supportedInstructionSets)
  func gradientsAddUp(set: akin_instructions) {
    var shape = shapes[1]
    let block = Block(shape)
    let once = block.backward(reference: true)
    let (output, winners) = block.forward(reference: true)
    var gradient = [Float](repeating: 0, count: Int(akin_conv_block_gradient_count(&shape)))
    withInstructionSet(set) {
      for _ in 0..<2 {
        akin_conv_block_backward(
          &shape, block.input, block.packed, output, winners, block.outputGradient, nil, &gradient)
      }
    }
    var weights = block.weights, bias = block.bias
    akin_conv_block_unpack_gradient(&shape, gradient, &weights, &bias)
    #expect(weights == zip(block.weights, once.weights).map { $0 + 2 * $1 })
    #expect(bias == zip(block.bias, once.bias).map { $0 + 2 * $1 })
  }
}
