import AudioFeatures
import Foundation

/// What turns a song into a vector.
public enum EmbeddingModel: Sendable {
  /// The default: what a song sounds like by hand-made measures that need no training. See `SongDescriptor`.
  case descriptor
  /// The paper's baseline: 20 MFCC × 7 statistics (paper 2.2), compared as they are.
  case mfcc
  /// The same numbers, each dimension standardised over the collection that is searched: a stronger control.
  case mfccStandardised
  /// A trained network.
  case network(PRCNNModel)

  /// The model that answers where none is named and none has been trained.
  public static var standard: EmbeddingModel { .descriptor }

  /// The name on the command line.
  public var name: String {
    switch self {
    case .descriptor: "descriptor"
    case .mfcc: "mfcc"
    case .mfccStandardised: "mfcc-standardised"
    case .network(let model): "prcnn-" + model.identifier.prefix(8)
    }
  }

  /// Names the stored vectors: models with the same identifier make the same ones. `mfcc` and `mfcc-standardised`
  /// differ only in the search, so they share theirs.
  public var identifier: String {
    switch self {
    // Another number wherever the values of `SongDescriptor` change.
    case .descriptor: "descriptor-1"
    case .mfcc, .mfccStandardised: "mfcc-1"
    case .network(let model): model.identifier
    }
  }

  /// The length of a vector.
  public var dimension: Int {
    switch self {
    case .descriptor: SongDescriptor.count
    case .mfcc, .mfccStandardised: MFCCConfiguration().statisticCount
    case .network(let model): model.network.configuration.embeddingDimension
    }
  }

  /// Whether each dimension is standardised over the collection that is searched.
  public var standardisesCollection: Bool {
    switch self {
    case .descriptor, .mfccStandardised: true
    case .mfcc, .network: false
    }
  }

  /// Names what is searched: models that share vectors but compare them differently have their own.
  var spaceIdentifier: String {
    if case .mfccStandardised = self { identifier + "-standardised" } else { identifier }
  }

  /// A built-in model by its name; nil where there is none of that name.
  public init?(builtIn name: String) {
    switch name.lowercased() {
    case "descriptor": self = .descriptor
    case "mfcc": self = .mfcc
    case "mfcc-standardised", "mfcc-standardized": self = .mfccStandardised
    default: return nil
    }
  }

  /// Reads a model file.
  public init(file path: String) throws(ModelError) {
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: path)) } catch {
      throw ModelError(
        model: path, reason: "it cannot be read: \(error.systemReason)", remedy: .nameOne)
    }
    self = .network(try PRCNNModel(data: data, name: path))
  }
}
