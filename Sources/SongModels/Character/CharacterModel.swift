import AudioFeatures
import Files
import Foundation
import NeuralNetwork
import Reproducibility

/// A taught ``CharacterNetwork`` with everything that is needed to hear a song: the content of a model file.
///
/// It hears what the descriptor is made of, `FineMelExtractor`'s log-mel spectrogram, its bands averaged in pairs.
public struct CharacterModel: Sendable {
  /// The network's shape.
  public let network: CharacterNetwork
  /// What the network's input is standardised with.
  public let standardisation: InputStandardisation
  /// The weights, without auxiliary outputs.
  public let parameters: [Float]
  /// Where the model comes from.
  public let provenance: Provenance
  /// Derived from the weights and the shape: models that hear alike have equal identifiers.
  public let identifier: String

  /// Where a model comes from; it takes no part in the identifier.
  public struct Provenance: Sendable, Hashable, Codable {
    /// The network that taught it, and its licence.
    public var teacher = ""
    /// The number of songs that it heard, and in how many views each.
    public var songs = 0
    /// The number of views.
    public var views = 0
    /// Steps of the optimiser.
    public var steps = 0
    /// The random seed.
    public var randomSeed: UInt64 = 0
    /// The version of Akin.
    public var version = AkinVersion.current

    /// What is known of a training; the version is this program's.
    public init(teacher: String = "", songs: Int = 0, views: Int = 0, steps: Int = 0, randomSeed: UInt64 = 0) {
      (self.teacher, self.songs, self.views, self.steps) = (teacher, songs, views, steps)
      self.randomSeed = randomSeed
    }
  }

  /// A model; the weights must fit the network.
  public init(
    network: CharacterNetwork, standardisation: InputStandardisation, parameters: [Float], provenance: Provenance
  ) {
    precondition(parameters.count == network.layout.count, "\(parameters.count) of \(network.layout.count) weights")
    precondition(network.auxiliaryOutputs == 0, "a model has no auxiliary outputs")
    self.network = network
    self.standardisation = standardisation
    self.parameters = parameters
    self.provenance = provenance
    identifier = ContentDigest.hexadecimal(
      of: Self.content(network, standardisation, parameters, provenance: nil).data)
  }

  // MARK: - The file

  /// The version of the file's format.
  static let format = "akin.character.1"

  private static func content(
    _ network: CharacterNetwork, _ standardisation: InputStandardisation, _ parameters: [Float],
    provenance: Provenance?
  ) -> Safetensors {
    var tensors: [String: Safetensors.Tensor] = [
      "input_mean": .init(shape: [standardisation.means.count], values: standardisation.means),
      "input_scale": .init(shape: [standardisation.scales.count], values: standardisation.scales),
    ]
    for parameter in network.layout.parameters {
      tensors[parameter.name] = .init(shape: parameter.shape, values: Array(parameters[parameter.range]))
    }
    var metadata = ["format": format, "configuration": JSON.text(network.configuration)]
    if let provenance { metadata["provenance"] = JSON.text(provenance) }
    return Safetensors(metadata: metadata, tensors: tensors)
  }

  /// The bytes of the model file: safetensors with PyTorch's names and layouts.
  public var data: Data {
    var content = Self.content(network, standardisation, parameters, provenance: provenance)
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

  /// Reads a model file's content: what it says is not trusted.
  init(content: Safetensors, name: String) throws(ModelError) {
    func refusal(_ reason: String) -> ModelError { ModelError(model: name, reason: reason, remedy: .anotherFile) }
    guard content.metadata["format"] == Self.format else {
      throw refusal("its format is \(content.metadata["format"] ?? "unknown"), not \(Self.format)")
    }
    let configuration: CharacterConfiguration
    var provenance = Provenance()
    provenance.version = ""
    do {
      configuration = try JSON.value(from: content.metadata["configuration"] ?? "")
      if let text = content.metadata["provenance"] { provenance = try JSON.value(from: text) }
    } catch {
      throw refusal("what it says of itself cannot be read: \(error)")
    }
    if let problem = configuration.problem { throw refusal("its configuration is impossible: \(problem)") }
    func values(_ tensor: String, shape: [Int]) throws(ModelError) -> [Float] {
      guard let found = content.tensors[tensor] else { throw refusal("the tensor \(tensor) is missing") }
      guard found.shape == shape else { throw refusal("the tensor \(tensor) has the shape \(found.shape), not \(shape)") }
      guard found.values.allSatisfy(\.isFinite) else {
        throw refusal("the tensor \(tensor) holds values that are not finite")
      }
      return found.values
    }
    let network = CharacterNetwork(configuration)
    var parameters: [Float] = []
    for parameter in network.layout.parameters { parameters += try values(parameter.name, shape: parameter.shape) }
    for normalisation in network.normalisations where parameters[normalisation.runningVariance.range].contains(where: { $0 < 0 }) {
      throw refusal("the tensor \(normalisation.runningVariance.name) holds negative variances")
    }
    let bands = configuration.melBandCount
    self.init(
      network: network,
      standardisation: InputStandardisation(
        means: try values("input_mean", shape: [bands]), scales: try values("input_scale", shape: [bands])),
      parameters: parameters, provenance: provenance)
    guard content.metadata["identifier"] ?? identifier == identifier else {
      throw refusal("its weights do not match its identifier: the file was changed or damaged")
    }
  }
}
