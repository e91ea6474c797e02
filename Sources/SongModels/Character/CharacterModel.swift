import AudioFeatures
import Files
import Foundation
import NeuralNetwork
import Reproducibility

/// A taught ``CharacterNetwork`` with everything that is needed to hear a song and to compare it: the content of a model
/// file.
///
/// It hears what the descriptor is made of, `FineMelExtractor`'s log-mel spectrogram, its bands averaged in pairs.
public struct CharacterModel: Sendable {
  /// What is learned.
  public struct Content: Sendable {
    /// The network's shape.
    public let network: CharacterNetwork
    /// What the network's input is standardised with.
    public let standardisation: InputStandardisation
    /// The weights, without auxiliary outputs.
    public let parameters: [Float]
    /// The mean of each of a vector's numbers over the songs that it learned from.
    public let typicalMeans: [Float]
    /// Their standard deviations, above 0.
    public let typicalDeviations: [Float]

    /// What is learned; the numbers must fit the network.
    public init(
      network: CharacterNetwork, standardisation: InputStandardisation, parameters: [Float], typicalMeans: [Float],
      typicalDeviations: [Float]
    ) {
      precondition(parameters.count == network.layout.count, "\(parameters.count) of \(network.layout.count) weights")
      precondition(network.auxiliaryOutputs == 0, "a model has no auxiliary outputs")
      let outputs = network.configuration.outputs
      precondition(typicalMeans.count == outputs && typicalDeviations.count == outputs, "typical vectors of a length")
      self.network = network
      self.standardisation = standardisation
      self.parameters = parameters
      (self.typicalMeans, self.typicalDeviations) = (typicalMeans, typicalDeviations)
    }
  }

  /// What is learned.
  public var content: Content {
    switch source {
    case .inTheBox: Self.boxed
    case .learned(let content): content
    }
  }
  /// How many excerpts of a song are heard.
  public let excerpts: Excerpts
  /// Where the model comes from.
  public let provenance: Provenance
  /// Derived from what is learned: models that hear alike have equal identifiers.
  public let identifier: String
  /// The length of a vector.
  public let dimension: Int
  /// Whether it is the model in the box.
  public var isStandard: Bool {
    if case .inTheBox = source { true } else { false }
  }

  /// Where the weights are: those of the model in the box are unpacked only to hear a song.
  private enum Source {
    case inTheBox
    case learned(Content)
  }
  private let source: Source

  /// Where a model comes from; it takes no part in the identifier.
  public struct Provenance: Sendable, Hashable, Codable {
    /// The network that taught it, and its licence.
    public var teacher = ""
    /// The number of songs that it heard.
    public var songs = 0
    /// The number of songs that it heard as they are, changed and mixed.
    public var examples = 0
    /// Steps of the optimiser.
    public var steps = 0
    /// The random seed.
    public var randomSeed: UInt64 = 0
    /// The version of Akin.
    public var version = AkinVersion.current

    /// What is known of a training; the version is this program's.
    public init(teacher: String = "", songs: Int = 0, examples: Int = 0, steps: Int = 0, randomSeed: UInt64 = 0) {
      (self.teacher, self.songs, self.examples, self.steps) = (teacher, songs, examples, steps)
      self.randomSeed = randomSeed
    }
  }

  /// A model that was taught.
  public init(_ content: Content, excerpts: Excerpts = .middle, provenance: Provenance) {
    self.init(
      .learned(content), excerpts, provenance, dimension: content.network.configuration.outputs,
      identifier: ContentDigest.hexadecimal(of: Self.file(content, .middle, provenance: nil).data))
  }

  private init(
    _ source: Source, _ excerpts: Excerpts, _ provenance: Provenance, dimension: Int, identifier: String
  ) {
    (self.source, self.excerpts, self.provenance) = (source, excerpts, provenance)
    (self.dimension, self.identifier) = (dimension, identifier)
  }

  /// The same network, which hears so many excerpts of a song.
  func hearing(_ excerpts: Excerpts) -> CharacterModel {
    CharacterModel(source, excerpts, provenance, dimension: dimension, identifier: identifier)
  }

  // MARK: - The model in the box

  /// What the default hears beside the descriptor; docs/default-model.md describes it.
  public static let standard: CharacterModel = {
    // As with `DescriptorModel.standard`, a test checks the identifier, not every start.
    do {
      let metadata = try Safetensors.metadata(in: DefaultModelBox.character(first: 1 << 14))
      guard let identifier = metadata["identifier"] else { preconditionFailure("the model in the box has none") }
      let configuration: CharacterConfiguration = try JSON.value(from: metadata["configuration"] ?? "")
      return CharacterModel(
        .inTheBox, .middle, try JSON.value(from: metadata["provenance"] ?? ""), dimension: configuration.outputs,
        identifier: identifier)
    } catch {
      preconditionFailure("the model in the box cannot be read: \(error)")
    }
  }()

  private static let boxed: Content = {
    do {
      return try content(of: Safetensors(data: DefaultModelBox.character(first: .max)), name: "in the box")
    } catch {
      preconditionFailure("the model in the box cannot be read: \(error)")
    }
  }()

  // MARK: - The file

  /// The version of the file's format.
  static let format = "akin.character.1"

  private static func file(_ content: Content, _ excerpts: Excerpts, provenance: Provenance?) -> Safetensors {
    var tensors = Safetensors.tensors(of: content.network.layout, content.parameters, content.standardisation)
    tensors["typical_mean"] = Safetensors.Tensor(content.typicalMeans)
    tensors["typical_deviation"] = Safetensors.Tensor(content.typicalDeviations)
    var metadata = ["format": format, "configuration": JSON.text(content.network.configuration)]
    if excerpts != .middle { metadata["excerpts"] = String(excerpts.count) }
    if let provenance { metadata["provenance"] = JSON.text(provenance) }
    return Safetensors(metadata: metadata, tensors: tensors)
  }

  /// The bytes of the model file: safetensors with PyTorch's names and layouts.
  public var data: Data { Self.file(content, excerpts, provenance: provenance).data(identifier: identifier) }

  /// Reads a model file's bytes; `name` is what errors call it.
  public init(data: Data, name: String) throws(ModelError) {
    try self.init(content: Safetensors(data: data, model: name), name: name)
  }

  /// Reads a model file's content; `name` is what errors call it.
  init(content file: Safetensors, name: String) throws(ModelError) {
    var unknown = Provenance()
    unknown.version = ""
    let provenance = try file.provenance(model: name) ?? unknown
    let excerpts = file.metadata["excerpts"].map { Int($0) ?? 0 } ?? 1
    guard Excerpts.counts.contains(excerpts) else {
      throw ModelError(model: name, reason: "it hears an impossible number of excerpts", remedy: .anotherFile)
    }
    self.init(
      try Self.content(of: file, name: name), excerpts: Excerpts(count: excerpts), provenance: provenance)
    try file.checkIdentifier(identifier, of: "weights", isNeeded: false, model: name)
  }

  /// What a file says is not trusted.
  private static func content(of file: Safetensors, name: String) throws(ModelError) -> Content {
    func refusal(_ reason: String) -> ModelError { ModelError(model: name, reason: reason, remedy: .anotherFile) }
    try file.checkFormat(format, model: name, formatless: "its format is unknown", remedy: .anotherFile)
    let configuration: CharacterConfiguration = try file.configuration(model: name, remedy: .anotherFile)
    if let problem = configuration.problem { throw refusal("its configuration is impossible: \(problem)") }
    guard configuration.melBandCount == CharacterListener.bandCount else {
      throw refusal("it hears \(configuration.melBandCount) mel bands, not \(CharacterListener.bandCount)")
    }
    let network = CharacterNetwork(configuration)
    let parameters = try file.parameters(network.layout, model: name)
    for variance in network.normalisations.map(\.normalisation.runningVariance) {
      guard parameters[variance.range].allSatisfy({ $0 >= 0 }) else {
        throw refusal("the tensor \(variance.name) holds negative variances")
      }
    }
    let outputs = [configuration.outputs]
    let deviations = try file.values("typical_deviation", shape: outputs, model: name)
    guard deviations.allSatisfy({ $0 > 0 }) else { throw refusal("the tensor typical_deviation is not above 0") }
    return Content(
      network: network,
      standardisation: try file.standardisation(bands: configuration.melBandCount, model: name),
      parameters: parameters, typicalMeans: try file.values("typical_mean", shape: outputs, model: name),
      typicalDeviations: deviations)
  }
}
