import SongModels
import Training

/// One row of the paper's Table 1: a way to turn songs into vectors whose neighbours are judged.
public enum FeatureSet: Sendable, Hashable, CaseIterable {
  /// No features at all: what a ranking by chance comes to on average.
  case chance
  /// The paper's baseline: statistics of MFCC (paper 2.2), as they are.
  case mfcc
  /// The same, each dimension standardised over the collection.
  case mfccStandardised
  /// The same on the axes of a linear discriminant analysis of the training songs.
  case lda
  /// musly's best method: a Gaussian of each song's frames, Jensen–Shannon distance, mutual proximity.
  case musly
  /// Akin's own model that needs no training, as `akin similar` compares with it.
  case descriptor
  /// The same, compared as the training songs teach; so `akin train --model descriptor` learns, and so the model in the
  /// box was made.
  case learnedDescriptor
  /// Cross-entropy alone, to convergence.
  case crossEntropy
  /// Pre-training, then a strategy.
  case strategy(LearningStrategy)

  /// How songs come to be compared.
  enum Method {
    /// They are not.
    case chance
    /// By a model that needs no training.
    case model(EmbeddingModel)
    /// By the baseline's vectors on axes fitted to the training songs.
    case discriminants
    /// By the distances of their Gaussians.
    case timbre
    /// By the descriptor as the training songs teach to compare it.
    case learnedDescriptor
    /// By a network that is trained in every split anew.
    case training
  }

  /// All, in the order of the tables: controls, the paper's strategies, cross-entropy alone, and what goes beyond.
  public static let allCases: [FeatureSet] = {
    let controls: [FeatureSet] = [
      .chance, .mfcc, .mfccStandardised, .lda, .musly, .descriptor, .learnedDescriptor,
    ]
    let strategies = LearningStrategy.allCases
    return controls + strategies.filter(\.minesTriplets).map(FeatureSet.strategy) + [.crossEntropy]
      + strategies.filter { !$0.minesTriplets }.map(FeatureSet.strategy)
  }()

  /// What is compared if nothing else is asked for: the paper's sets and the controls.
  public static let standard = allCases.filter { $0.strategy?.minesTriplets ?? true }

  /// The name in tables, as the paper has it.
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

  /// Whether a network is trained for it, in every split anew.
  public var isTrained: Bool { if case .training = method { true } else { false } }

  /// Whether songs have neighbours by it.
  public var hasNeighbours: Bool { self != .chance }

  /// Whether songs have coordinates by it, so that other distances than its own can be taken.
  var hasCoordinates: Bool { hasNeighbours && self != .musly }

  /// Whether other training songs make other neighbours.
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

  /// The model that needs no training whose vectors it is made of, or compares otherwise.
  var builtInModel: EmbeddingModel? {
    switch method {
    case .model(let model): model
    case .discriminants: .mfcc
    case .learnedDescriptor: .descriptor
    case .chance, .timbre, .training: nil
    }
  }

  /// What follows the shared pre-training; nil if nothing does.
  public var strategy: LearningStrategy? { if case .strategy(let strategy) = self { strategy } else { nil } }
}

extension FeatureSet: RawRepresentable, Codable {
  /// The feature set of a name; nil if there is none.
  public init?(rawValue: String) {
    guard let featureSet = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = featureSet
  }

  /// The name on the command line and in files; that of a strategy is the strategy's own.
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
  /// Whether it is one of the paper's.
  fileprivate var minesTriplets: Bool { if case .triplets = self { true } else { false } }
}
