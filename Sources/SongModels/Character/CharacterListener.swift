import AudioFeatures
import NeuralNetwork

/// Hears songs with a ``CharacterModel``. Each thread needs its own, since it holds scratch memory.
final class CharacterListener {
  let model: CharacterModel
  private let pass: CharacterPass

  init(_ model: CharacterModel) {
    self.model = model
    pass = CharacterPass(model.network, capacity: 1, isTraining: false, threads: 1)
  }

  /// A song's vector: the mean of the network's outputs over patches that follow each other; what is left of an excerpt
  /// behind its last whole patch is not heard, unless the excerpt is shorter than a patch, which is then filled by
  /// repetition.
  ///
  /// - Parameter excerpts: of one song, each frames × mel bands of the network in dB; at least one frame in all.
  func vector(of excerpts: [[Float]]) -> [Float] {
    let configuration = model.network.configuration
    let (frames, bands) = (configuration.frameCount, configuration.melBandCount)
    var sums = [Double](repeating: 0, count: configuration.outputs)
    var count = 0.0
    var patch = [Float](repeating: 0, count: frames * bands)
    for excerpt in excerpts where !excerpt.isEmpty {
      let length = excerpt.count / bands
      for start in stride(from: 0, through: max(0, length - frames), by: frames) {
        let decibels = (0..<frames).flatMap { frame in
          let source = (start + frame) % length
          return excerpt[source * bands..<(source + 1) * bands]
        }
        patch.withUnsafeMutableBufferPointer { buffer in
          guard let values = buffer.baseAddress else { return }
          model.standardisation.write(decibels, to: values)
          pass.setInput(0, values)
        }
        pass.forward(patches: 1, parameters: model.parameters)
        for index in sums.indices { sums[index] += Double(pass.outputs.pointer[index]) }
        count += 1
      }
    }
    return sums.map { Float($0 / max(1, count)) }
  }
}
