/// One row of the paper's Table 1: a way to turn songs into vectors whose neighbours are judged.
public enum FeatureSet: String, CaseIterable, Sendable, Codable {
  /// The paper's baseline: statistics of MFCC (paper 2.2), as they are.
  case mfcc
  /// The same, each dimension standardised over the collection.
  case mfccStandardised = "mfcc-standardised"
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

  /// The name in tables, as the paper has it.
  public var title: String {
    switch self {
    case .mfcc: "Baseline (MFCC)"
    case .mfccStandardised: "MFCC, standardised"
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
  public var isTrained: Bool { builtInModel == nil }

  /// The model of a feature set that needs no training.
  var builtInModel: EmbeddingModel? {
    switch self {
    case .mfcc: .mfcc
    case .mfccStandardised: .mfccStandardised
    case .random, .semiHard, .custom, .hard, .crossEntropy, .contrastive, .angular, .supervisedContrastive: nil
    }
  }

  /// What follows the shared pre-training; nil where nothing does.
  var strategy: LearningStrategy? { LearningStrategy(rawValue: rawValue) }
}
