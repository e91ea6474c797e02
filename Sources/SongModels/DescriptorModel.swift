import AudioFeatures
import Files
import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility

/// A learned way to compare descriptors: it knows the differences that do not count, since songs that belong together
/// have them too. It changes how songs are compared, not what is measured of them.
public struct DescriptorModel: Sendable, Hashable {
  /// The directions that are shrunk before search vectors are compared (see `SongDescriptor`).
  public var normalisation: WithinClassNormalisation {
    switch directions {
    case .inTheBox: Self.boxedNormalisation
    case .learned(let normalisation): normalisation
    }
  }
  /// How many excerpts of a song are described.
  public let excerpts: Excerpts
  /// Where the model comes from.
  public let provenance: Provenance
  /// Derived from the directions and the excerpts: models that hear and compare songs in the same way have equal
  /// identifiers. That of the model in the box is of its directions alone.
  public let identifier: String
  /// Whether it is the model in the box.
  public var isStandard: Bool { directions == .inTheBox }

  /// Where the directions are: those of the model in the box take a tenth of the time of a question to read.
  private enum Directions: Hashable {
    case inTheBox
    case learned(WithinClassNormalisation)
  }
  private let directions: Directions

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
  public init(normalisation: WithinClassNormalisation, excerpts: Excerpts = .middle, provenance: Provenance) {
    precondition(
      normalisation.dimension == SongDescriptor.count, "directions of \(normalisation.dimension) dimensions")
    self.init(
      .learned(normalisation), excerpts, provenance, identifier: Self.identifier(of: normalisation, excerpts: excerpts))
  }

  private init(_ directions: Directions, _ excerpts: Excerpts, _ provenance: Provenance, identifier: String) {
    self.directions = directions
    self.excerpts = excerpts
    self.provenance = provenance
    self.identifier = identifier
  }

  package static func identifier(of normalisation: WithinClassNormalisation, excerpts: Excerpts = .middle) -> String {
    ContentDigest.hexadecimal(of: content(normalisation, excerpts, provenance: nil).data)
  }

  /// The same directions, for descriptors of so many excerpts of a song.
  func hearing(_ excerpts: Excerpts) -> DescriptorModel {
    switch directions {
    case .inTheBox: DescriptorModel(.inTheBox, excerpts, provenance, identifier: identifier)
    case .learned(let normalisation):
      DescriptorModel(normalisation: normalisation, excerpts: excerpts, provenance: provenance)
    }
  }

  /// The model in the box, the default; docs/default-model.md describes it.
  public static let standard: DescriptorModel = {
    // Its directions are read if they are used, and the identifier is not checked against them, since every start would
    // pay for that: a test checks it.
    do {
      let metadata = try Safetensors.metadata(in: DefaultModelBox.directions(first: 4096))
      guard let identifier = metadata["identifier"] else { preconditionFailure("the model in the box has none") }
      return DescriptorModel(
        .inTheBox, .middle, try Safetensors(metadata: metadata).provenance(model: boxName) ?? Provenance(),
        identifier: identifier)
    } catch {
      preconditionFailure("the model in the box cannot be read: \(error)")
    }
  }()

  private static let boxedNormalisation: WithinClassNormalisation = {
    do {
      return try normalisation(in: Safetensors(data: DefaultModelBox.directions(first: .max)), name: boxName)
    } catch {
      preconditionFailure("the model in the box cannot be read: \(error)")
    }
  }()

  private static let boxName = "in the box"

  /// The version of the file's format, and of the descriptor that the model compares.
  static let format = "akin.\(EmbeddingModel.descriptorIdentifier).1"

  private static func content(
    _ normalisation: WithinClassNormalisation, _ excerpts: Excerpts, provenance: Provenance?
  ) -> Safetensors {
    var metadata = ["format": format]
    // Left out if it is 1, so that models from before there was a choice keep their identifiers.
    if excerpts != .middle { metadata["excerpts"] = String(excerpts.count) }
    if let provenance { metadata["provenance"] = JSON.text(provenance) }
    let shape = [normalisation.count, normalisation.dimension]
    return Safetensors(
      metadata: metadata, tensors: ["directions": .init(shape: shape, values: normalisation.directions)])
  }

  /// The bytes of the model file: safetensors.
  public var data: Data {
    Self.content(normalisation, excerpts, provenance: provenance).data(identifier: identifier)
  }

  /// Reads a model file's content; `name` is what errors call it.
  init(content: Safetensors, name: String) throws(ModelError) {
    self.init(
      normalisation: try Self.normalisation(in: content, name: name),
      excerpts: try Self.excerpts(in: content.metadata, name: name),
      provenance: try content.provenance(model: name) ?? Provenance())
    // What Akin wrote has both: a file of other tools may have neither.
    try content.checkIdentifier(
      identifier, of: "directions", isNeeded: content.metadata["provenance"] != nil, model: name)
  }

  private static func normalisation(
    in content: Safetensors, name: String
  ) throws(ModelError) -> WithinClassNormalisation {
    func fail(_ reason: String) -> ModelError { ModelError(model: name, reason: reason, remedy: .anotherFile) }
    guard let tensor = content.tensors["directions"] else { throw fail("it has no directions") }
    guard tensor.shape.count == 2, tensor.shape[1] == SongDescriptor.count, tensor.shape[0] <= SongDescriptor.count
    else { throw fail("its directions have the shape \(tensor.shape)") }
    guard tensor.values.allSatisfy({ abs($0) <= 1 }) else { throw fail("its directions have values outside -1...1") }
    return WithinClassNormalisation(dimension: SongDescriptor.count, directions: tensor.values)
  }

  private static func excerpts(in metadata: [String: String], name: String) throws(ModelError) -> Excerpts {
    guard let text = metadata["excerpts"] else { return .middle }
    guard let count = Int(text), Excerpts.counts.contains(count) else {
      throw ModelError(model: name, reason: "it hears an impossible number of excerpts", remedy: .retrain)
    }
    return Excerpts(count: count)
  }
}
