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
    let patches = excerpts.samples.flatMap { samples in
      Self.patches(of: extractor?.spectrogram(of: samples) ?? samples, description)
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

  /// The patches of an excerpt, given frame by frame; one that is too short for a patch is repeated to fill it.
  private static func patches(of values: [Float], _ description: NetworkDescription) -> [[Float]] {
    let size = description.patchLength * description.width
    guard values.count >= size else {
      guard !values.isEmpty else { return [[Float](repeating: 0, count: size)] }
      return [(0..<size).map { values[$0 % values.count] }]
    }
    return stride(from: 0, through: values.count - size, by: description.patchHop * description.width).map {
      Array(values[$0..<$0 + size])
    }
  }

  private static func pooled(_ answers: [[Float]], _ pooling: NetworkDescription.Pooling) -> [Float] {
    let columns = answers[0].indices
    func mean() -> [Float] {
      columns.map { column in Float(answers.reduce(0.0) { $0 + Double($1[column]) } / Double(answers.count)) }
    }
    func maximum() -> [Float] { columns.map { column in answers.reduce(-.infinity) { max($0, $1[column]) } } }
    return switch pooling {
    case .mean: mean()
    case .maximum: maximum()
    case .both: mean() + maximum()
    }
  }
}
