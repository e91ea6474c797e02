import AudioFeatures
import CDefaultModel
import Files
import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility

/// A learned way to compare descriptors: it knows the differences that do not count, since songs that belong together
/// have them too. It changes how songs are compared, not what is measured of them.
public struct DescriptorModel: Sendable, Hashable {
  /// The directions that are shrunk before search vectors are compared (see `SongDescriptor`).
  public let normalisation: WithinClassNormalisation
  /// Where the model comes from.
  public let provenance: Provenance
  /// Derived from the directions: models that compare songs in the same way have equal identifiers.
  public let identifier: String
  /// Whether it is the model in the box.
  public private(set) var isStandard = false

  /// Where a model comes from; it takes no part in the identifier.
  public struct Provenance: Sendable, Hashable, Codable {
    /// The number of songs that the model learned from.
    public var songs = 0
    /// The number of classes with two songs or more.
    public var classes = 0
    /// The number of genres whose differences were spared.
    public var genres = 0
    /// λ of `WithinClassNormalisation`.
    public var strength = 0.0
    /// The version of Akin.
    public var version = AkinVersion.current

    /// The provenance of a model that this version of the program trained.
    public init(songs: Int = 0, classes: Int = 0, genres: Int = 0, strength: Double = 0) {
      self.songs = songs
      self.classes = classes
      self.genres = genres
      self.strength = strength
    }
  }

  /// A model of directions in the space of search vectors.
  public init(normalisation: WithinClassNormalisation, provenance: Provenance) {
    self.init(normalisation, provenance, identifier: Self.identifier(of: normalisation))
  }

  private init(_ normalisation: WithinClassNormalisation, _ provenance: Provenance, identifier: String) {
    precondition(
      normalisation.dimension == SongDescriptor.count, "directions of \(normalisation.dimension) dimensions")
    self.normalisation = normalisation
    self.provenance = provenance
    self.identifier = identifier
  }

  package static func identifier(of normalisation: WithinClassNormalisation) -> String {
    ContentDigest.hexadecimal(of: content(normalisation, provenance: nil).data)
  }

  /// The model in the box, the default; docs/default-model.md describes it.
  public static let standard: DescriptorModel = {
    let text = String(cString: akin_default_model())
    do {
      guard let data = Data(base64Encoded: text) else { preconditionFailure("the model in the box is not base64") }
      // The identifier is not checked here, since every start would pay for it: a test checks it.
      let content = try Safetensors(data: data)
      var model = try DescriptorModel(content: content, name: "in the box", comparesIdentifier: false)
      model.isStandard = true
      return model
    } catch {
      preconditionFailure("the model in the box cannot be read: \(error)")
    }
  }()

  /// The version of the file's format, and of the descriptor that the model compares.
  static let format = "akin.\(EmbeddingModel.descriptor.identifier).1"

  private static func content(_ normalisation: WithinClassNormalisation, provenance: Provenance?) -> Safetensors {
    var metadata = ["format": format]
    if let provenance { metadata["provenance"] = JSON.text(provenance) }
    let shape = [normalisation.count, normalisation.dimension]
    return Safetensors(
      metadata: metadata, tensors: ["directions": .init(shape: shape, values: normalisation.directions)])
  }

  /// The bytes of the model file: safetensors.
  public var data: Data {
    var content = Self.content(normalisation, provenance: provenance)
    content.metadata["identifier"] = identifier
    return content.data
  }

  /// Reads a model file's content; `name` is what errors call it.
  ///
  /// - Parameter comparesIdentifier: whether the stored identifier is checked against the directions.
  init(content: Safetensors, name: String, comparesIdentifier: Bool = true) throws(ModelError) {
    func fail(_ reason: String, _ remedy: ModelError.Remedy) -> ModelError {
      ModelError(model: name, reason: reason, remedy: remedy)
    }
    guard let tensor = content.tensors["directions"] else { throw fail("it has no directions", .anotherFile) }
    guard tensor.shape.count == 2, tensor.shape[1] == SongDescriptor.count, tensor.shape[0] <= SongDescriptor.count
    else { throw fail("its directions have the shape \(tensor.shape)", .anotherFile) }
    guard tensor.values.allSatisfy({ abs($0) <= 1 }) else {
      throw fail("its directions have values outside -1...1", .anotherFile)
    }
    let provenance: Provenance
    do {
      provenance = try content.metadata["provenance"].map { try JSON.value(from: $0) } ?? Provenance()
    } catch {
      throw fail("its provenance cannot be read: \(error)", .anotherFile)
    }
    let normalisation = WithinClassNormalisation(dimension: SongDescriptor.count, directions: tensor.values)
    let stored = content.metadata["identifier"]
    if let stored, !comparesIdentifier {
      self.init(normalisation, provenance, identifier: stored)
      return
    }
    self.init(normalisation: normalisation, provenance: provenance)
    // What Akin wrote has both: a file of other tools may have neither.
    let isOurs = content.metadata["provenance"] != nil
    guard stored ?? (isOurs ? "" : identifier) == identifier else {
      throw fail("its directions do not match its identifier: the file was changed or damaged", .anotherFile)
    }
  }
}
