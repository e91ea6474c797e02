import NeuralNetwork

/// The activations of a ``CharacterPass``: planes as ``SquareConvolution`` reads them. In training each patch has its
/// own; else each thread has some, which its patches use one after the other.
final class CharacterPlanes {
  private let isTraining: Bool
  /// What each block reads, and behind the last one what the head reads.
  private let inputs: [Planes]
  /// What each block's convolution writes.
  private let outputs: [Planes]
  /// The gradients of `inputs`; the first is not needed.
  private let gradients: [Planes]
  /// The inner positions of the plane that the head reads.
  let innerOfLast: [Int]

  private struct Planes {
    let buffer: FloatBuffer
    let count: Int

    init(_ number: Int, of count: Int) {
      buffer = FloatBuffer(count: number * count)
      self.count = count
    }

    subscript(number: Int) -> UnsafeMutablePointer<Float> { buffer.pointer + number * count }
  }

  init(_ network: CharacterNetwork, capacity: Int, isTraining: Bool, threads: Int) {
    self.isTraining = isTraining
    let number = isTraining ? capacity : threads
    let last = network.normalisations[network.normalisations.count - 1]
    let (frames, bands) = last.pooled
    let sizes =
      network.convolutions.map { $0.positions * $0.inputs } + [(frames + 2) * (bands + 2) * last.channels]
    // Every patch's input is set before the pass begins.
    inputs = sizes.enumerated().map { Planes($0.offset == 0 ? capacity : number, of: $0.element) }
    outputs = network.convolutions.map { Planes(number, of: $0.positions * $0.outputs) }
    gradients = sizes.enumerated().map { Planes(isTraining && $0.offset > 0 ? capacity : 0, of: $0.element) }
    innerOfLast = (0..<frames).flatMap { frame in (0..<bands).map { (frame + 1) * (bands + 2) + $0 + 1 } }
  }

  func input(_ index: Int, patch: Int, worker: Int = 0) -> UnsafeMutablePointer<Float> {
    inputs[index][isTraining || index == 0 ? patch : worker]
  }

  func output(_ index: Int, patch: Int, worker: Int = 0) -> UnsafeMutablePointer<Float> {
    outputs[index][isTraining ? patch : worker]
  }

  func gradient(_ index: Int, patch: Int) -> UnsafeMutablePointer<Float> { gradients[index][patch] }
}
