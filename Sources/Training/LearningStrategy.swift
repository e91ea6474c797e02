import MetricLearning

/// How songs of one class are drawn together, behind cross-entropy or in its place.
public enum LearningStrategy: String, CaseIterable, Sendable, Codable {
  /// Triplets drawn at random.
  case random
  /// Semi-hard triplets.
  case semiHard = "semi-hard"
  /// The paper's own way to mine triplets.
  case custom
  /// The hardest triplets.
  case hard
  /// Pairwise loss on Euclidean distances, future work of the paper.
  case contrastive
  /// Angular loss on embeddings of length 1, future work of the paper.
  case angular
  /// Supervised contrastive loss on embeddings of length 1.
  case supervisedContrastive = "supervised-contrastive"

  /// What the strategy minimises, with the parameters that the options give it.
  func objective(_ options: TrainingOptions) -> TrainingConfiguration.Objective {
    switch self {
    case .random: .triplet(.random, margin: options.margin)
    case .semiHard: .triplet(.semiHard, margin: options.margin)
    case .custom: .triplet(.custom, margin: options.margin)
    case .hard: .triplet(.hard, margin: options.margin)
    case .contrastive: .contrastive(positiveMargin: 0, negativeMargin: options.margin)
    case .angular: .angular(angle: options.angle)
    case .supervisedContrastive: .supervisedContrastive(temperature: options.temperature)
    }
  }
}
