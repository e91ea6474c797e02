import AudioFeatures
import Files
import Foundation
import NeuralNetwork

/// A model that turns a song into a vector.
public enum EmbeddingModel: Sendable {
  /// Hand-made measures of a song's sound, without training. See `SongDescriptor`.
  case descriptor
  /// The same measures, compared in a way that was learned from songs that belong together. The default is one of
  /// these.
  case learnedDescriptor(DescriptorModel)
  /// The paper's baseline: 20 MFCC × 7 statistics (paper 2.2), compared as they are.
  case mfcc
  /// The same numbers, each dimension standardised over the collection that is searched: a stronger control.
  case mfccStandardised
  /// A trained network.
  case network(PRCNNModel)
  /// Another program's, whose vectors a listener brought into the library: it compares them, and hears nothing.
  case foreign(ForeignModel)

  /// The default: the model that answers if none is named and the library has none of its own.
  public static var standard: EmbeddingModel { .learnedDescriptor(.standard) }

  /// The default's name, known without unpacking the model.
  private static let standardName = "akin"

  /// The built-in models that learned nothing.
  private static let untrained: [EmbeddingModel] = [.descriptor, .mfcc, .mfccStandardised]

  /// The names of all built-in models, the default's first.
  public static let builtInNames = [standardName] + untrained.map(\.name)

  /// The name on the command line.
  public var name: String {
    switch self {
    case .descriptor: "descriptor"
    case .learnedDescriptor(let model) where model.isStandard: Self.standardName
    case .learnedDescriptor(let model): "descriptor-" + model.identifier.prefix(8)
    case .mfcc: "mfcc"
    case .mfccStandardised: "mfcc-standardised"
    case .network(let model): "prcnn-" + model.identifier.prefix(8)
    case .foreign(let model): model.name
    }
  }

  /// Names the stored vectors: models with the same identifier make the same vectors. `mfcc` and `mfcc-standardised`
  /// differ only in how they compare, so they share one; so do the default and `descriptor`.
  public var identifier: String {
    switch self {
    // Count up whenever the values of `SongDescriptor` change.
    case .descriptor: "descriptor-1"
    case .learnedDescriptor(let model): model.isStandard ? Self.descriptor.identifier : model.identifier
    case .mfcc, .mfccStandardised: "mfcc-1"
    case .network(let model): model.identifier
    case .foreign(let model): model.identifier
    }
  }

  /// The length of a vector.
  public var dimension: Int {
    switch self {
    case .descriptor, .learnedDescriptor: SongDescriptor.count
    case .mfcc, .mfccStandardised: MFCCConfiguration().statisticCount
    case .network(let model): model.network.configuration.embeddingDimension
    case .foreign(let model): model.dimension
    }
  }

  /// Whether each dimension is standardised over the collection that is searched.
  public var standardisesCollection: Bool {
    switch self {
    case .descriptor, .learnedDescriptor, .mfccStandardised: true
    case .mfcc, .network, .foreign: false
    }
  }

  /// Names the search space: models that share vectors but compare them differently have different ones.
  package var spaceIdentifier: String {
    switch self {
    case .mfccStandardised: identifier + "-standardised"
    case .learnedDescriptor(let model) where model.isStandard: identifier + "-" + model.identifier.prefix(8)
    default: identifier
    }
  }

  /// A built-in model by its name; nil if no built-in model has that name.
  public init?(builtIn name: String) {
    let name = name.lowercased().replacing("standardized", with: "standardised")
    if name == Self.standardName {
      self = .standard
    } else if let model = Self.untrained.first(where: { $0.name == name }) {
      self = model
    } else {
      return nil
    }
  }

  /// Reads a model file.
  public init(file path: String) throws(ModelError) {
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: path)) } catch {
      throw ModelError(
        model: path, reason: "it cannot be read: \(error.systemReason)", remedy: .nameOne)
    }
    try self.init(data: data, name: path)
  }

  /// Reads the bytes of any kind of model file; `name` is what errors call it.
  package init(data: Data, name: String) throws(ModelError) {
    let content: Safetensors
    do { content = try Safetensors(data: data) } catch {
      throw ModelError(model: name, reason: "it is not a safetensors file: \(error.description)", remedy: .anotherFile)
    }
    if content.metadata["format"] == DescriptorModel.format {
      self = .learnedDescriptor(try DescriptorModel(content: content, name: name))
    } else {
      self = .network(try PRCNNModel(content: content, name: name))
    }
  }

  /// Whether it compares descriptors, in a learned way or not.
  package var measuresDescriptor: Bool {
    switch self {
    case .descriptor, .learnedDescriptor: true
    case .mfcc, .mfccStandardised, .network, .foreign: false
    }
  }
}
