import AudioDecoding
import AudioFeatures
import Files
import Foundation
import NeuralNetwork
import Reproducibility

/// A trained PRCNN with everything that is needed to embed a song: the content of a model file.
public struct PRCNNModel: Sendable {
  /// The network's shape.
  public let network: PRCNN
  /// How a song becomes its input.
  public let features: LogMelConfiguration
  /// What the network's input is standardised with.
  public let standardisation: InputStandardisation
  /// How many excerpts of a song are embedded and averaged.
  public let excerpts: Excerpts
  /// The weights, without a pre-training head.
  public let parameters: [Float]
  /// Where the model comes from.
  public let provenance: Provenance

  /// Where a model comes from; it takes no part in the identifier.
  public struct Provenance: Sendable, Hashable, Codable {
    /// The preset that it was trained with.
    public var preset = ""
    /// The random seed.
    public var randomSeed: UInt64 = 0
    /// The names of the classes that it learned from.
    public var classes: [String] = []
    /// The number of songs that it was trained on.
    public var trainingSongs = 0
    /// The training, as people describe it: "30 epochs cross-entropy, then 40 epochs semi-hard".
    public var training = ""
    /// The version of Akin.
    public var version = AkinVersion.current

    /// What is known of a training; the version is this program's.
    public init(
      preset: String = "", randomSeed: UInt64 = 0, classes: [String] = [], trainingSongs: Int = 0, training: String = ""
    ) {
      self.preset = preset
      self.randomSeed = randomSeed
      self.classes = classes
      self.trainingSongs = trainingSongs
      self.training = training
    }
  }

  /// A model; the weights must fit the network.
  public init(
    network: PRCNN, features: LogMelConfiguration, standardisation: InputStandardisation, excerpts: Excerpts = .middle,
    parameters: [Float], provenance: Provenance
  ) {
    precondition(parameters.count == network.layout.count, "\(parameters.count) of \(network.layout.count) weights")
    self.network = network
    self.features = features
    self.standardisation = standardisation
    self.excerpts = excerpts
    self.parameters = parameters
    self.provenance = provenance
    // Stored, since computing it takes milliseconds.
    identifier = Self.identifier(of: content(withProvenance: false))
  }

  /// Derived from the weights and the configuration: models that embed alike have equal identifiers.
  public private(set) var identifier = ""

  /// The same network, which hears so many excerpts of a song.
  func hearing(_ excerpts: Excerpts) -> PRCNNModel {
    PRCNNModel(
      network: network, features: features, standardisation: standardisation, excerpts: excerpts,
      parameters: parameters, provenance: provenance)
  }

  private static func identifier(of content: Safetensors) -> String { ContentDigest.hexadecimal(of: content.data) }
}

// MARK: - The file

extension PRCNNModel {
  /// The version of the file's format.
  private static let format = "akin.prcnn.1"

  private struct Configuration: Codable {
    var network: PRCNNConfiguration
    var features: LogMelConfiguration
    /// Left out if it is 1, so that models from before there was a choice keep their identifiers.
    var excerpts: Int?
    /// What version 0.2 wrote in its place, whose excerpts overlapped in short songs: other vectors.
    var excerptCount: Int?
  }

  private func configuration(asBefore: Bool) -> Configuration {
    let count = excerpts == .middle ? nil : excerpts.count
    return Configuration(
      network: network.configuration, features: features, excerpts: asBefore ? nil : count,
      excerptCount: asBefore ? count : nil)
  }

  private func content(withProvenance: Bool, asBefore: Bool = false) -> Safetensors {
    var metadata = [
      "format": Self.format,
      "configuration": JSON.text(configuration(asBefore: asBefore)),
    ]
    if withProvenance { metadata["provenance"] = JSON.text(provenance) }
    return Safetensors(
      metadata: metadata, tensors: Safetensors.tensors(of: network.layout, parameters, standardisation))
  }

  /// The bytes of the model file: safetensors with PyTorch's names and layouts.
  public var data: Data { content(withProvenance: true).data(identifier: identifier) }

  /// Reads a model file's bytes; `name` is what errors call it.
  public init(data: Data, name: String) throws(ModelError) {
    try self.init(content: Safetensors(data: data, model: name), name: name)
  }

  /// Reads a model file's content.
  init(content: Safetensors, name: String) throws(ModelError) {
    let configuration = try Self.configuration(in: content, name: name)
    let network = PRCNN(configuration.network)
    let parameters = try content.parameters(network.layout, model: name)
    var unknown = Provenance()
    unknown.version = ""
    self.init(
      network: network, features: configuration.features,
      standardisation: try content.standardisation(bands: configuration.network.melBandCount, model: name),
      excerpts: Excerpts(count: configuration.excerpts ?? configuration.excerptCount ?? 1), parameters: parameters,
      provenance: try content.provenance(model: name) ?? unknown)
    let own =
      configuration.excerptCount == nil
      ? identifier : Self.identifier(of: self.content(withProvenance: false, asBefore: true))
    // What Akin wrote has both: a file of other tools may have neither.
    try content.checkIdentifier(
      own, of: "weights", isNeeded: content.metadata["provenance"] != nil, model: name)
  }

  /// Reads and checks a file's configuration: what it says is not trusted.
  private static func configuration(in content: Safetensors, name: String) throws(ModelError) -> Configuration {
    try content.checkFormat(format, model: name, formatless: "it has no Akin configuration", remedy: .retrain)
    let configuration: Configuration = try content.configuration(model: name, remedy: .retrain)
    if let problem = configuration.network.problem {
      throw ModelError(model: name, reason: "its configuration is impossible: \(problem)", remedy: .retrain)
    }
    guard configuration.network.isReasonable else {
      throw ModelError(model: name, reason: "its network is larger than any useful one", remedy: .anotherFile)
    }
    guard configuration.network.melBandCount == configuration.features.melBandCount else {
      throw ModelError(model: name, reason: "its network and its features differ in mel bands", remedy: .retrain)
    }
    guard Excerpts.counts.contains(configuration.excerpts ?? configuration.excerptCount ?? 1) else {
      throw ModelError(model: name, reason: "it averages an impossible number of excerpts", remedy: .retrain)
    }
    guard AudioDecoder.sampleRates.contains(configuration.features.sampleRate) else {
      throw ModelError(
        model: name, reason: "its sample rate of \(configuration.features.sampleRate) Hz is impossible",
        remedy: .retrain)
    }
    return configuration
  }
}

extension PRCNNConfiguration {
  /// Whether no product of the sizes overflows: a file's configuration is not trusted.
  fileprivate var isReasonable: Bool {
    frameCount * melBandCount <= 1 << 22
      && (filters + [sequenceWidth, recurrentUnits, embeddingDimension]).allSatisfy { $0 <= 4096 }
      && filters.count <= 16
  }
}
