import AudioDecoding
import Files
import Foundation
import NeuralNetwork

/// A model that is joined of others: its vectors are theirs, one after another, and songs are as alike as the weighted
/// mean of what the parts say.
public struct JoinedModel: Sendable {
  /// One of the models, and how much it counts.
  public struct Part: Sendable {
    /// The model.
    public let model: EmbeddingModel
    /// How much its cosine counts beside those of the others, in ``JoinedModel/weights``.
    public let weight: Double

    /// A model and how much it counts.
    public init(_ model: EmbeddingModel, weight: Double) {
      self.model = model
      self.weight = weight
    }

    /// The parts of one that is joined itself, which count as much together.
    fileprivate var flattened: [Part] {
      guard case .joined(let joined) = model.method else { return [self] }
      let whole = joined.parts.reduce(0) { $0 + $1.weight }
      return joined.parts.map { Part($0.model, weight: weight * $0.weight / whole) }
    }
  }

  /// The weights that a part can have; only their ratios count.
  public static let weights = 0.001...1000.0

  /// The parts in the order of their values: that which measures the descriptor first, if there is one, the others as
  /// they were given.
  public let parts: [Part]
  /// Derived from the parts and their order: names the vectors.
  public let identifier: String
  /// The same, and how they are compared.
  let spaceIdentifier: String

  /// The default: the learned descriptor and the network in the box. docs/default-model.md says how the weight was found.
  public static let standard: JoinedModel = {
    do {
      return try JoinedModel([
        Part(.learnedDescriptor(.standard), weight: 1), Part(.character(.standard), weight: standardCharacterWeight),
      ])
    } catch { preconditionFailure("the models in the box can be joined: \(error)") }
  }()

  private static let standardCharacterWeight = 0.25

  /// Whether it is the default, with any number of excerpts.
  public let isStandard: Bool

  /// A model of at least two parts. All hear as many excerpts as the first. A part that is joined itself brings its own.
  ///
  /// - Throws: `ModelError` if a part cannot be one.
  public init(_ parts: [Part]) throws(ModelError) {
    func fail(_ model: EmbeddingModel, _ reason: String) -> ModelError {
      ModelError(model: model.name, reason: reason, remedy: .joinOther)
    }
    precondition(parts.count > 1, "a model is joined of at least two, not of \(parts.count)")
    var heard: [Part] = []
    for part in parts {
      guard Self.weights.contains(part.weight) else {
        throw fail(part.model, "its weight of \(part.weight) does not lie between 0.001 and 1000")
      }
    }
    for part in parts.flatMap(\.flattened) {
      guard let model = part.model.hearing(parts[0].model.excerpts ?? .middle) else {
        throw fail(part.model, "another program made its vectors, so that it cannot hear what the other parts hear")
      }
      guard !heard.contains(where: { $0.model.identifier == model.identifier }) else {
        throw fail(model, "another part makes the same vectors")
      }
      heard.append(Part(model, weight: part.weight))
    }
    self.parts = heard.filter(\.model.measuresDescriptor) + heard.filter { !$0.model.measuresDescriptor }
    isStandard = Self.areStandard(self.parts)
    if isStandard {
      // Known without a digest, for which FFmpeg would be opened: every question asks.
      let excerpts = self.parts[0].model.excerpts ?? .middle
      identifier = "akin-\(CharacterModel.standard.identifier.prefix(8))" + excerpts.suffix
      spaceIdentifier = identifier + "-\(DescriptorModel.standard.identifier.prefix(8))"
    } else {
      let vectors = self.parts.map(\.model.identifier).joined(separator: "+")
      identifier = ContentDigest.hexadecimal(of: Data("joined \(vectors)".utf8))
      let spaces = self.parts.map { "\($0.model.spaceIdentifier)*\($0.weight)" }.joined(separator: "+")
      spaceIdentifier = identifier + "-" + ContentDigest.hexadecimal(of: Data(spaces.utf8)).prefix(8)
    }
  }

  private static func areStandard(_ parts: [Part]) -> Bool {
    guard parts.count == 2, case .learnedDescriptor(let descriptor) = parts[0].model.method,
      case .character(let character) = parts[1].model.method
    else { return false }
    return descriptor.isStandard && character.isStandard && parts[1].weight == standardCharacterWeight * parts[0].weight
  }

  /// The length of a vector.
  public var dimension: Int { parts.reduce(0) { $0 + $1.model.dimension } }

  /// The indices of each part's values in a vector.
  package var ranges: [Range<Int>] {
    var start = 0
    return parts.map { part in
      defer { start += part.model.dimension }
      return start..<start + part.model.dimension
    }
  }

  /// The same parts, each of which hears so many excerpts.
  func hearing(_ excerpts: Excerpts) -> JoinedModel {
    let heard = parts.map { part in
      guard let model = part.model.hearing(excerpts) else { preconditionFailure("\(part.model.name) hears nothing") }
      return Part(model, weight: part.weight)
    }
    do { return try JoinedModel(heard) } catch { preconditionFailure("what was joined can be joined: \(error)") }
  }
}

// MARK: - The file

extension JoinedModel {
  /// The version of the file's format.
  static let format = "akin.joined.1"

  /// What the file says of a part: a model of its own lies in the tensor of bytes `part.NUMBER`; one that is built in is
  /// named, with the identifier of its space, since other versions of Akin may compare in other ways under that name.
  private struct StoredPart: Codable {
    var weight: Double
    var builtIn: String?
    var space: String?
  }

  private static func tensor(ofPart number: Int) -> String { "part.\(number)" }

  /// The bytes of the model file: safetensors that hold the files of its parts.
  public var data: Data {
    var bytes: [String: Data] = [:]
    let stored = parts.enumerated().map { number, part in
      guard let data = part.model.fileData else {
        return StoredPart(weight: part.weight, builtIn: part.model.name, space: part.model.spaceIdentifier)
      }
      bytes[Self.tensor(ofPart: number)] = data
      return StoredPart(weight: part.weight)
    }
    return Safetensors(metadata: ["format": Self.format, "parts": JSON.text(stored)], bytes: bytes).data
  }

  /// Reads a model file's content; `name` is what errors call it.
  init(content: Safetensors, name: String) throws(ModelError) {
    func fail(_ reason: String) -> ModelError { ModelError(model: name, reason: reason, remedy: .anotherFile) }
    let stored: [StoredPart]
    do { stored = try JSON.value(from: content.metadata["parts"] ?? "") } catch {
      throw fail("what it is joined of cannot be read: \(error)")
    }
    guard stored.count > 1 else { throw fail("it is joined of fewer than two models") }
    var parts: [Part] = []
    for (number, part) in stored.enumerated() {
      let model: EmbeddingModel
      if let builtIn = part.builtIn {
        guard let known = EmbeddingModel(builtIn: builtIn), known.spaceIdentifier == part.space else {
          throw ModelError(
            model: name, reason: "it is joined of another version's \(builtIn)", remedy: .joinAgain)
        }
        model = known
      } else {
        guard let data = content.bytes[Self.tensor(ofPart: number)] else { throw fail("part \(number + 1) is missing") }
        model = try EmbeddingModel(data: data, name: "\(name), part \(number + 1)")
      }
      parts.append(Part(model, weight: part.weight))
    }
    try self.init(parts)
  }
}

extension EmbeddingModel {
  /// The bytes of its model file; nil for a model that is built in or hears nothing.
  package var fileData: Data? {
    switch method {
    case .learnedDescriptor(let model): model.isStandard ? nil : model.data
    case .network(let model): model.data
    case .character(let model): model.isStandard ? nil : model.data
    case .imported(let model): model.data
    case .joined(let model): model.isStandard ? nil : model.data
    case .descriptor, .mfcc, .foreign: nil
    }
  }
}
