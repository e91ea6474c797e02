import SongModels
import Training

/// A way to compare songs, whose neighbours are judged: one row of the paper's Table 1.
public enum FeatureSet: Sendable, Hashable, CaseIterable {
  /// No features at all: the mean over all random rankings.
  case chance
  /// The paper's baseline: statistics of MFCC (paper 2.2), as they are.
  case mfcc
  /// The same, with each dimension standardised over the collection.
  case mfccStandardised
  /// The baseline, projected on the axes of a linear discriminant analysis of the training songs.
  case lda
  /// musly's best method: a Gaussian of each song's frames, the Jensen–Shannon distance, and mutual proximity.
  case musly
  /// Akin's own model that needs no training, compared as `akin similar` does.
  case descriptor
  /// The same model, compared in a way that is learned from the training songs, as `akin train --model descriptor`
  /// learns. The model in the box was made in this way.
  case learnedDescriptor
  /// Cross-entropy alone, to convergence.
  case crossEntropy
  /// Pre-training, followed by a strategy.
  case strategy(LearningStrategy)

  /// How songs are compared.
  enum Method {
    /// Songs are not compared.
    case chance
    /// By a model that needs no training.
    case model(EmbeddingModel)
    /// By the baseline's vectors on axes fitted to the training songs.
    case discriminants
    /// By the distances between the Gaussians of their frames.
    case timbre
    /// By the descriptor, compared in a way that is learned from the training songs.
    case learnedDescriptor
    /// By a network that is trained anew in every split.
    case training
  }

  /// All feature sets in the order of the tables: controls, the paper's strategies, cross-entropy alone, and other
  /// losses.
  public static let allCases: [FeatureSet] = {
    let controls: [FeatureSet] = [
      .chance, .mfcc, .mfccStandardised, .lda, .musly, .descriptor, .learnedDescriptor,
    ]
    let strategies = LearningStrategy.allCases
    return controls + strategies.filter(\.minesTriplets).map(FeatureSet.strategy) + [.crossEntropy]
      + strategies.filter { !$0.minesTriplets }.map(FeatureSet.strategy)
  }()

  /// The default of an experiment: the paper's feature sets and the controls.
  public static let standard = allCases.filter { $0.strategy?.minesTriplets ?? true }

  /// The name in tables, as the paper writes it.
  public var title: String {
    switch self {
    case .chance: "Chance"
    case .mfcc: "Baseline (MFCC)"
    case .mfccStandardised: "MFCC, standardised"
    case .lda: "LDA on MFCC"
    case .musly: "musly (timbre)"
    case .descriptor: "Descriptor"
    case .learnedDescriptor: "Descriptor, learned"
    case .crossEntropy: "Cross-entropy"
    case .strategy(let strategy): strategy.title
    }
  }

  /// Whether a network is trained for it, anew in every split.
  public var isTrained: Bool { if case .training = method { true } else { false } }

  /// Whether it gives songs neighbours.
  public var hasNeighbours: Bool { self != .chance }

  /// Whether it gives songs coordinates, so that they can also be compared by other distances than its own.
  var hasCoordinates: Bool { hasNeighbours && self != .musly }

  /// Whether the neighbours depend on the training songs.
  var isFittedToSplit: Bool {
    switch method {
    case .discriminants, .learnedDescriptor, .training: true
    case .chance, .model, .timbre: false
    }
  }

  var method: Method {
    switch self {
    case .chance: .chance
    case .mfcc: .model(.mfcc)
    case .mfccStandardised: .model(.mfccStandardised)
    case .lda: .discriminants
    case .musly: .timbre
    case .descriptor: .model(.descriptor)
    case .learnedDescriptor: .learnedDescriptor
    case .crossEntropy, .strategy: .training
    }
  }

  /// The built-in model whose vectors it uses; nil if it uses none.
  var builtInModel: EmbeddingModel? {
    switch method {
    case .model(let model): model
    case .discriminants: .mfcc
    case .learnedDescriptor: .descriptor
    case .chance, .timbre, .training: nil
    }
  }

  /// The strategy that follows the shared pre-training; nil if it has none.
  public var strategy: LearningStrategy? { if case .strategy(let strategy) = self { strategy } else { nil } }
}

extension FeatureSet: RawRepresentable, Codable {
  /// The feature set with a name; nil if there is none.
  public init?(rawValue: String) {
    guard let featureSet = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = featureSet
  }

  /// The name on the command line and in files; for a strategy it is the strategy's own.
  public var rawValue: String {
    switch self {
    case .chance: "chance"
    case .mfcc: "mfcc"
    case .mfccStandardised: "mfcc-standardised"
    case .lda: "lda"
    case .musly: "musly"
    case .descriptor: "descriptor"
    case .learnedDescriptor: "learned-descriptor"
    case .crossEntropy: "cross-entropy"
    case .strategy(let strategy): strategy.rawValue
    }
  }
}

extension LearningStrategy {
  /// Whether it mines triplets, as the paper's strategies do.
  fileprivate var minesTriplets: Bool { if case .triplets = self { true } else { false } }
}
