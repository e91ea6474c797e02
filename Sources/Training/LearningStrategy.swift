import MetricLearning

/// A loss that draws songs of one class together, used after cross-entropy or instead of it. This is the one list from
/// which the command's choices and the rows of an experiment follow. A new miner joins it by itself; a new `EmbeddingLoss`
/// is a case here.
public enum LearningStrategy: Sendable, Hashable, CaseIterable {
  /// Triplet loss over the triplets that a miner finds.
  case triplets(TripletMiner)
  /// Pairwise loss on Euclidean distances, future work of the paper.
  case contrastive
  /// Angular loss on embeddings of length 1, future work of the paper.
  case angular
  /// Supervised contrastive loss on embeddings of length 1.
  case supervisedContrastive

  /// All strategies, the paper's first.
  public static let allCases: [LearningStrategy] =
    TripletMiner.allCases.map(LearningStrategy.triplets) + [.contrastive, .angular, .supervisedContrastive]

  /// Triplets drawn at random.
  public static let random = LearningStrategy.triplets(.random)
  /// Semi-hard triplets.
  public static let semiHard = LearningStrategy.triplets(.semiHard)
  /// The paper's own way to mine triplets.
  public static let custom = LearningStrategy.triplets(.custom)
  /// The hardest triplets.
  public static let hard = LearningStrategy.triplets(.hard)

  /// The name in tables, as the paper writes it.
  public var title: String {
    switch self {
    case .triplets(let miner): miner.rawValue.prefix(1).uppercased() + miner.rawValue.dropFirst() + " batch"
    case .contrastive: "Contrastive loss"
    case .angular: "Angular loss"
    case .supervisedContrastive: "Supervised contrastive"
    }
  }

  /// What the strategy minimises, with the parameters in the options.
  func objective(_ options: TrainingOptions) -> TrainingConfiguration.Objective {
    switch self {
    case .triplets(let miner): .triplet(miner, margin: options.margin)
    case .contrastive: .embedding(ContrastiveLoss(positiveMargin: 0, negativeMargin: options.margin))
    case .angular: .embedding(AngularLoss(angle: options.angle))
    case .supervisedContrastive: .embedding(SupervisedContrastiveLoss(temperature: options.temperature))
    }
  }
}

extension LearningStrategy: RawRepresentable, Codable {
  /// The strategy with a name; nil if there is none.
  public init?(rawValue: String) {
    guard let strategy = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = strategy
  }

  /// The name on the command line and in files: that of the miner for triplet loss, otherwise that of the loss.
  public var rawValue: String {
    switch self {
    case .triplets(let miner): miner.rawValue
    case .contrastive: "contrastive"
    case .angular: "angular"
    case .supervisedContrastive: "supervised-contrastive"
    }
  }
}
