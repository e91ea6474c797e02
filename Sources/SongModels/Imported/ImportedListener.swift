import AudioFeatures
import OnnxRuntime

/// Hears with an imported network: patches of all excerpts, whose answers are pooled.
struct ImportedListener: SongListener {
  private let model: ImportedNetwork
  /// What errors call the model.
  private let name: String
  private let extractor: MelFrontEndExtractor?

  /// - Throws: `OnnxError` if there is no ONNX Runtime, or it refuses the network; `AudioFeatureError`.
  init(_ model: ImportedNetwork, name: String) throws {
    self.model = model
    self.name = name
    switch model.description.hearing {
    case .samples: extractor = nil
    case .mels(let frontEnd): extractor = try MelFrontEndExtractor(frontEnd)
    }
    _ = try model.network.opened()
  }

  var seconds: Double { model.description.seconds }
  var sampleRate: Int? { model.description.sampleRate }

  func embedding(of excerpts: SongExcerpts, path: String) throws -> [Float] {
    let description = model.description
    let cutting = Patches(length: description.patchLength, hop: description.patchHop, width: description.width)
    let patches = excerpts.samples.flatMap { samples in
      let patches = cutting.patches(of: extractor?.spectrogram(of: samples) ?? samples)
      return patches.isEmpty ? [[Float](repeating: 0, count: cutting.length * cutting.width)] : patches
    }
    let answers = try model.network.answers(to: patches, description)
    let vector = Self.pooled(answers, description.pooling)
    guard vector.count == model.dimension, vector.allSatisfy(\.isFinite) else {
      throw ModelError(
        model: name,
        reason: vector.count == model.dimension
          ? "its output \(description.output ?? "") for \(path) is not finite"
          : "its output \(description.output ?? "") for \(path) has \(vector.count) numbers and not \(model.dimension)",
        remedy: .describeInput)
    }
    return vector
  }

  private static func pooled(_ answers: [[Float]], _ pooling: NetworkDescription.Pooling) -> [Float] {
    func maximum() -> [Float] {
      answers[0].indices.map { column in answers.reduce(-.infinity) { max($0, $1[column]) } }
    }
    return switch pooling {
    case .mean: Patches.mean(of: answers)
    case .maximum: maximum()
    case .both: Patches.mean(of: answers) + maximum()
    }
  }
}
