import AudioFeatures
import Files
import Foundation
import NeuralNetwork

/// A model that turns a song into a vector.
public struct EmbeddingModel: Sendable {
  /// How a model makes vectors, and compares them.
  public enum Method: Sendable {
    /// Hand-made measures of a song's sound, without training. See `SongDescriptor`.
    case descriptor(Excerpts)
    /// The same measures, compared in a way that was learned from songs that belong together.
    case learnedDescriptor(DescriptorModel)
    /// The paper's baseline: 20 MFCC × 7 statistics (paper 2.2), compared as they are; or each dimension standardised
    /// over the collection that is searched, a stronger control.
    case mfcc(Excerpts, isStandardised: Bool)
    /// A trained network.
    case network(PRCNNModel)
    /// A network that was taught to hear what a larger one hears.
    case character(CharacterModel)
    /// A network of another program.
    case imported(ImportedNetwork)
    /// Several models, whose vectors follow each other. The default is one of these.
    case joined(JoinedModel)
    /// Another program's, whose vectors a listener brought into the library: it compares them, and hears nothing.
    case foreign(ForeignModel)
  }

  /// How it makes vectors, and compares them.
  public let method: Method

  private init(_ method: Method) { self.method = method }

  /// The descriptor of the middle of a song, without training.
  public static let descriptor = EmbeddingModel(.descriptor(.middle))
  /// The paper's baseline, of the middle of a song.
  public static let mfcc = EmbeddingModel(.mfcc(.middle, isStandardised: false))
  /// The baseline, standardised over the collection.
  public static let mfccStandardised = EmbeddingModel(.mfcc(.middle, isStandardised: true))
  /// A learned way to compare descriptors.
  public static func learnedDescriptor(_ model: DescriptorModel) -> Self { Self(.learnedDescriptor(model)) }
  /// A trained network.
  public static func network(_ model: PRCNNModel) -> Self { Self(.network(model)) }
  /// A network that was taught by a larger one.
  public static func character(_ model: CharacterModel) -> Self { Self(.character(model)) }
  /// A network of another program.
  public static func imported(_ model: ImportedNetwork) -> Self { Self(.imported(model)) }
  /// Several models together.
  public static func joined(_ model: JoinedModel) -> Self { Self(.joined(model)) }
  /// A model that is known by its vectors.
  public static func foreign(_ model: ForeignModel) -> Self { Self(.foreign(model)) }

  /// How many excerpts of a song it hears; nil if it hears nothing.
  public var excerpts: Excerpts? {
    switch method {
    case .descriptor(let excerpts), .mfcc(let excerpts, _): excerpts
    case .learnedDescriptor(let model): model.excerpts
    case .network(let model): model.excerpts
    case .character(let model): model.excerpts
    case .imported(let model): model.excerpts
    case .joined(let model): model.parts[0].model.excerpts
    case .foreign: nil
    }
  }

  /// The model that hears so many excerpts of a song, and is otherwise the same. Its vectors are others, so it has
  /// another identifier, unless it hears as many already. Nil for a model that hears nothing.
  public func hearing(_ excerpts: Excerpts) -> EmbeddingModel? {
    switch method {
    case .descriptor: Self(.descriptor(excerpts))
    case .mfcc(_, let isStandardised): Self(.mfcc(excerpts, isStandardised: isStandardised))
    case .learnedDescriptor(let model): .learnedDescriptor(model.hearing(excerpts))
    case .network(let model): .network(model.hearing(excerpts))
    case .character(let model): .character(model.hearing(excerpts))
    case .imported(let model): .imported(model.hearing(excerpts))
    case .joined(let model): .joined(model.hearing(excerpts))
    case .foreign: nil
    }
  }

  /// Why a model that hears nothing cannot be used where one has to.
  package var isDeaf: ModelError {
    ModelError(model: name, reason: "another program made its vectors, and it can hear no song", remedy: .addVectors)
  }

  /// The model under whose name its vectors are stored: of those that share them, the one that compares them most
  /// plainly.
  package var maker: EmbeddingModel {
    switch method {
    case .learnedDescriptor(let model) where model.isStandard: Self(.descriptor(model.excerpts))
    case .mfcc(let excerpts, isStandardised: true): Self(.mfcc(excerpts, isStandardised: false))
    case .descriptor, .learnedDescriptor, .mfcc, .network, .character, .imported, .joined, .foreign: self
    }
  }

  /// The default: the model that answers if none is named and the library has none of its own.
  public static let standard: EmbeddingModel = .joined(.standard)

  /// The default's name, known without unpacking the model.
  private static let standardName = "akin"

  /// The other built-in models: the default's parts, and those that learned nothing.
  private static let others: [EmbeddingModel] = [
    .learnedDescriptor(.standard), .character(.standard), .descriptor, .mfcc, .mfccStandardised,
  ]

  /// The names of all built-in models, the default's first.
  public static let builtInNames = [standardName] + others.map(\.name)

  /// The name on the command line.
  public var name: String {
    switch method {
    case .descriptor(let excerpts): "descriptor" + excerpts.suffix
    case .learnedDescriptor(let model) where model.isStandard: "descriptor-learned" + model.excerpts.suffix
    case .learnedDescriptor(let model): "descriptor-" + model.identifier.prefix(8)
    case .mfcc(let excerpts, let isStandardised): (isStandardised ? "mfcc-standardised" : "mfcc") + excerpts.suffix
    case .network(let model): "prcnn-" + model.identifier.prefix(8)
    case .character(let model) where model.isStandard: "character" + model.excerpts.suffix
    case .character(let model): "character-" + model.identifier.prefix(8) + model.excerpts.suffix
    case .imported(let model): "\(model.name)-\(model.identifier.prefix(8))" + model.excerpts.suffix
    case .joined(let model) where model.isStandard: Self.standardName + (excerpts ?? .middle).suffix
    case .joined(let model): model.parts.map(\.model.name).joined(separator: "+")
    case .foreign(let model): model.name
    }
  }

  /// Names the stored vectors: models with the same identifier make the same vectors. `mfcc` and `mfcc-standardised`
  /// differ only in how they compare, so they share one; so do `descriptor-learned` and `descriptor`.
  public var identifier: String {
    switch method {
    case .descriptor(let excerpts): Self.descriptorIdentifier + excerpts.suffix
    case .learnedDescriptor(let model) where model.isStandard: Self.descriptorIdentifier + model.excerpts.suffix
    case .learnedDescriptor(let model): model.identifier
    case .mfcc(let excerpts, _): "mfcc-1" + excerpts.suffix
    case .network(let model): model.identifier
    case .character(let model): model.identifier + model.excerpts.suffix
    case .imported(let model): model.identifier
    case .joined(let model): model.identifier
    case .foreign(let model): model.identifier
    }
  }

  /// The identifier of descriptors of the middle of a song. Count up whenever the values of `SongDescriptor` change.
  static let descriptorIdentifier = "descriptor-1"

  /// The length of a vector.
  public var dimension: Int {
    switch method {
    case .descriptor, .learnedDescriptor: SongDescriptor.count
    case .mfcc: MFCCConfiguration().statisticCount
    case .network(let model): model.network.configuration.embeddingDimension
    case .character(let model): model.dimension
    case .imported(let model): model.dimension
    case .joined(let model): model.dimension
    case .foreign(let model): model.dimension
    }
  }

  /// Whether dimensions are standardised over the collection that is searched: all, or those of some parts.
  public var standardisesCollection: Bool {
    switch method {
    case .descriptor, .learnedDescriptor, .character: true
    case .mfcc(_, let isStandardised): isStandardised
    case .imported(let model): model.description.isStandardised
    case .joined(let model): model.parts.contains(where: \.model.standardisesCollection)
    case .network, .foreign: false
    }
  }

  /// Names the search space: models that share vectors but compare them differently have different ones.
  package var spaceIdentifier: String {
    switch method {
    case .mfcc(_, isStandardised: true): identifier + "-standardised"
    case .learnedDescriptor(let model) where model.isStandard: identifier + "-" + model.identifier.prefix(8)
    case .joined(let model): model.spaceIdentifier
    default: identifier
    }
  }

  /// A built-in model by its name, which may end with how many excerpts it hears, as in "akin-3-excerpts"; nil if no
  /// built-in model has that name.
  public init?(builtIn name: String) {
    let name = name.lowercased().replacing("standardized", with: "standardised")
    if let (base, excerpts) = Excerpts.split(name) {
      guard let model = Self(builtIn: base)?.hearing(excerpts) else { return nil }
      self = model
    } else if name == Self.standardName {
      self = .standard
    } else if let model = Self.others.first(where: { $0.name == name }) {
      self = model
    } else {
      return nil
    }
  }

  /// The built-in models that make the vectors of an identifier, the default first.
  package static func builtIn(making identifier: String) -> [EmbeddingModel] {
    let excerpts = Excerpts.split(identifier)?.excerpts ?? .middle
    return builtInNames.compactMap { Self(builtIn: $0 + excerpts.suffix) }.filter { $0.identifier == identifier }
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
    let content = try Safetensors(data: data, model: name)
    switch content.metadata["format"] {
    case DescriptorModel.format: self = .learnedDescriptor(try DescriptorModel(content: content, name: name))
    case CharacterModel.format: self = .character(try CharacterModel(content: content, name: name))
    case ImportedNetwork.format: self = .imported(try ImportedNetwork(content: content, name: name))
    case JoinedModel.format: self = .joined(try JoinedModel(content: content, name: name))
    default: self = .network(try PRCNNModel(content: content, name: name))
    }
  }

  /// Whether it compares descriptors, in a learned way or not, and nothing else.
  package var measuresDescriptor: Bool {
    switch method {
    case .descriptor, .learnedDescriptor: true
    case .mfcc, .network, .character, .imported, .joined, .foreign: false
    }
  }
}
