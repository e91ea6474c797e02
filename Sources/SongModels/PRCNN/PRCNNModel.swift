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
    var tensors: [String: Safetensors.Tensor] = [
      "input_mean": .init(shape: [standardisation.means.count], values: standardisation.means),
      "input_scale": .init(shape: [standardisation.scales.count], values: standardisation.scales),
    ]
    for parameter in network.layout.parameters {
      tensors[parameter.name] = .init(shape: parameter.shape, values: Array(parameters[parameter.range]))
    }
    var metadata = [
      "format": Self.format,
      "configuration": JSON.text(configuration(asBefore: asBefore)),
    ]
    if withProvenance { metadata["provenance"] = JSON.text(provenance) }
    return Safetensors(metadata: metadata, tensors: tensors)
  }

  /// The bytes of the model file: safetensors with PyTorch's names and layouts.
  public var data: Data {
    var content = content(withProvenance: true)
    content.metadata["identifier"] = identifier
    return content.data
  }

  /// Reads a model file's bytes; `name` is what errors call it.
  public init(data: Data, name: String) throws(ModelError) {
    let content: Safetensors
    do { content = try Safetensors(data: data) } catch {
      throw ModelError(model: name, reason: "it is not a safetensors file: \(error.description)", remedy: .anotherFile)
    }
    try self.init(content: content, name: name)
  }

  /// Reads a model file's content.
  init(content: Safetensors, name: String) throws(ModelError) {
    let configuration = try Self.configuration(in: content, name: name)
    let network = PRCNN(configuration.network)
    let bands = configuration.network.melBandCount
    var parameters: [Float] = []
    for parameter in network.layout.parameters {
      parameters += try Self.values(parameter.name, shape: parameter.shape, in: content, name: name)
    }
    self.init(
      network: network, features: configuration.features,
      standardisation: InputStandardisation(
        means: try Self.values("input_mean", shape: [bands], in: content, name: name),
        scales: try Self.values("input_scale", shape: [bands], in: content, name: name)),
      excerpts: Excerpts(count: configuration.excerpts ?? configuration.excerptCount ?? 1), parameters: parameters,
      provenance: try Self.provenance(in: content, name: name))
    // What Akin wrote has both: a file of other tools may have neither.
    let isOurs = content.metadata["provenance"] != nil
    let own =
      configuration.excerptCount == nil
      ? identifier : Self.identifier(of: self.content(withProvenance: false, asBefore: true))
    guard content.metadata["identifier"] ?? (isOurs ? "" : own) == own else {
      throw ModelError(
        model: name, reason: "its weights do not match its identifier: the file was changed or damaged",
        remedy: .anotherFile)
    }
  }

  /// Reads and checks a file's configuration: what it says is not trusted.
  private static func configuration(in content: Safetensors, name: String) throws(ModelError) -> Configuration {
    guard content.metadata["format"] == format else {
      let found = content.metadata["format"].map { "its format is \($0)" } ?? "it has no Akin configuration"
      throw ModelError(model: name, reason: "\(found), not \(format)", remedy: .retrain)
    }
    let configuration: Configuration
    do {
      configuration = try JSON.value(from: content.metadata["configuration"] ?? "")
    } catch {
      throw ModelError(model: name, reason: "its configuration cannot be read: \(error)", remedy: .retrain)
    }
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

  /// A file that was made with other tools may say nothing of where it comes from.
  private static func provenance(in content: Safetensors, name: String) throws(ModelError) -> Provenance {
    guard let text = content.metadata["provenance"] else {
      var unknown = Provenance()
      unknown.version = ""
      return unknown
    }
    do { return try JSON.value(from: text) } catch {
      throw ModelError(model: name, reason: "its provenance cannot be read: \(error)", remedy: .anotherFile)
    }
  }

  private static func values(
    _ tensor: String, shape: [Int], in content: Safetensors, name: String
  ) throws(ModelError) -> [Float] {
    guard let found = content.tensors[tensor] else {
      throw ModelError(model: name, reason: "the tensor \(tensor) is missing", remedy: .anotherFile)
    }
    guard found.shape == shape else {
      throw ModelError(
        model: name, reason: "the tensor \(tensor) has the shape \(found.shape), not \(shape)", remedy: .anotherFile)
    }
    guard found.values.allSatisfy(\.isFinite) else {
      throw ModelError(
        model: name, reason: "the tensor \(tensor) holds values that are not finite", remedy: .anotherFile)
    }
    return found.values
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
