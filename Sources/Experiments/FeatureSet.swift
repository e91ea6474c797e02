import AudioFeatures
import SongModels
import Training

/// One row of the paper's Table 1: a way to turn songs into vectors whose neighbours are judged.
public enum FeatureSet: String, CaseIterable, Sendable, Codable {
  /// No features at all: what a ranking by chance comes to on average.
  case chance
  /// The paper's baseline: statistics of MFCC (paper 2.2), as they are.
  case mfcc
  /// The same, each dimension standardised over the collection.
  case mfccStandardised = "mfcc-standardised"
  /// The same on the axes of a linear discriminant analysis of the training songs.
  case lda
  /// musly's best method: a Gaussian of each song's frames, Jensen–Shannon distance, mutual proximity.
  case musly
  /// Akin's own model that needs no training, as `akin similar` compares with it.
  case descriptor
  /// The same, compared as the training songs teach; so `akin train --model descriptor` learns, and the model in the box was made.
  case learnedDescriptor = "learned-descriptor"
  /// Pre-training, then triplets mined at random.
  case random
  /// Pre-training, then semi-hard triplets.
  case semiHard = "semi-hard"
  /// Pre-training, then the paper's own strategy.
  case custom
  /// Pre-training, then the hardest triplets.
  case hard
  /// Cross-entropy alone, to convergence.
  case crossEntropy = "cross-entropy"
  /// Pre-training, then contrastive loss.
  case contrastive
  /// Pre-training, then angular loss.
  case angular
  /// Pre-training, then supervised contrastive loss.
  case supervisedContrastive = "supervised-contrastive"

  /// How songs come to be compared.
  enum Making {
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

  /// What is compared where nothing else is asked for: the paper's sets and the controls.
  public static let standard = allCases.filter { ![.contrastive, .angular, .supervisedContrastive].contains($0) }

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
    case .random: "Random batch"
    case .semiHard: "Semi-hard batch"
    case .custom: "Custom batch"
    case .hard: "Hard batch"
    case .crossEntropy: "Cross-entropy"
    case .contrastive: "Contrastive loss"
    case .angular: "Angular loss"
    case .supervisedContrastive: "Supervised contrastive"
    }
  }

  /// Whether a network is trained for it, in every split anew.
  public var isTrained: Bool { if case .training = making { true } else { false } }

  /// Whether songs have neighbours by it.
  public var hasNeighbours: Bool { self != .chance }

  /// Whether songs lie somewhere, so that other distances than its own can be taken.
  var hasPlaces: Bool { hasNeighbours && self != .musly }

  /// Whether other training songs make other neighbours.
  var isFittedToSplit: Bool {
    switch making {
    case .discriminants, .learnedDescriptor, .training: true
    case .chance, .model, .timbre: false
    }
  }

  var making: Making {
    switch self {
    case .chance: .chance
    case .mfcc: .model(.mfcc)
    case .mfccStandardised: .model(.mfccStandardised)
    case .lda: .discriminants
    case .musly: .timbre
    case .descriptor: .model(.descriptor)
    case .learnedDescriptor: .learnedDescriptor
    case .random, .semiHard, .custom, .hard, .crossEntropy, .contrastive, .angular, .supervisedContrastive: .training
    }
  }

  /// The model that needs no training whose vectors it is made of, or compares otherwise.
  var builtInModel: EmbeddingModel? {
    switch making {
    case .model(let model): model
    case .discriminants: .mfcc
    case .learnedDescriptor: .descriptor
    case .chance, .timbre, .training: nil
    }
  }

  /// What follows the shared pre-training; nil where nothing does.
  public var strategy: LearningStrategy? { LearningStrategy(rawValue: rawValue) }
}
