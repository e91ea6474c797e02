import AudioFeatures
import NeuralNetwork

/// Hears songs with a ``CharacterModel``.
struct CharacterListener: SongListener {
  /// The mel bands of the network's input, each the mean of two of the descriptor's.
  static let bandCount = 128

  private let content: CharacterModel.Content
  private let pass: CharacterPass
  private let extractor: SongDescriptorExtractor
  /// What errors call the model.
  private let name: String

  /// - Parameter extractor: makes spectrograms; other listeners of the same thread may use it too.
  init(_ model: CharacterModel, name: String, extractor: SongDescriptorExtractor) {
    content = model.content
    pass = CharacterPass(content.network, capacity: 1, isTraining: false, threads: 1)
    pass.prepare(parameters: content.parameters)
    self.extractor = extractor
    self.name = name
  }

  var seconds: Double { SongEmbedder.baselineSeconds }
  var sampleRate: Int? { SongDescriptorExtractor.sampleRate }

  func embedding(of excerpts: SongExcerpts, path: String) throws -> [Float] {
    let vector = vector(of: excerpts.mels(extractor).map(Self.pairs))
    guard vector.allSatisfy(\.isFinite) else {
      throw ModelError(model: name, reason: "its weights are so large that \(path) overflows them", remedy: .retrain)
    }
    return vector
  }

  /// The mean of each two neighbouring bands.
  private static func pairs(_ mels: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: mels.count / 2) { output, count in
      count = mels.count / 2
      for index in 0..<count { output[index] = 0.5 * (mels[2 * index] + mels[2 * index + 1]) }
    }
  }

  /// A song's vector: the mean of the network's outputs over ``Patches`` that follow each other.
  ///
  /// - Parameter excerpts: of one song, each frames × mel bands of the network in dB; at least one frame in all.
  func vector(of excerpts: [[Float]]) -> [Float] {
    let shape = content.network.configuration
    let cutting = Patches(length: shape.frameCount, hop: shape.frameCount, width: shape.melBandCount)
    var patch = [Float](repeating: 0, count: content.network.inputCount)
    let outputs = excerpts.flatMap(cutting.patches(of:)).map { decibels in
      patch.withUnsafeMutableBufferPointer { buffer in
        guard let values = buffer.baseAddress else { return }
        content.standardisation.write(decibels, to: values)
        pass.setInput(0, values)
      }
      pass.forward(patches: 1)
      return Array(UnsafeBufferPointer(start: pass.outputs.pointer, count: shape.outputs))
    }
    return outputs.isEmpty ? [Float](repeating: 0, count: shape.outputs) : Patches.mean(of: outputs)
  }
}
