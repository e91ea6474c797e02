import MetricLearning

/// What an experiment compares, and how often.
public struct ExperimentConfiguration: Sendable, Hashable {
  /// How often everything is done, each time with other splits and seeds; tables give mean ± deviation over these.
  public var repeats = 30
  /// In so many folds each song is a query once, while no network has seen it; nil for one random 80/10/10 split in
  /// each repeat, as in the paper.
  public var folds: Int?
  /// What is compared, in the order of the tables.
  public var featureSets = FeatureSet.allCases
  /// How networks learn. The strategy (`strategy`) is each feature set's own; `crossEntropyEpochs` are the pre-training.
  public var training: TrainingOptions
  /// The most epochs of cross-entropy where it is a feature set of its own.
  public var convergenceEpochs: Int
  /// Songs that no split tears apart.
  public var bond: DatasetSplitting.Bond?

  /// The fewest songs of a class: one to learn from, one to stop by, one to ask with.
  public static let leastSongsOfClass = 3

  /// The paper's protocol with the choices of a preset: cross-entropy alone may take as long as pre-training and
  /// triplets together.
  public init(training: TrainingOptions) {
    self.training = training
    convergenceEpochs = training.crossEntropyEpochs + training.tripletEpochs
  }

  /// The seed of everything that is drawn.
  public var randomSeed: UInt64 { training.randomSeed }

  /// Whether strategies go on from a shared pre-training.
  var hasPretraining: Bool {
    training.crossEntropyEpochs > 0 && training.tripletEpochs > 0 && featureSets.contains { $0.strategy != nil }
  }

  /// The models that need no training, one for all that share their vectors.
  var builtInModels: [EmbeddingModel] {
    var seen: Set<String> = []
    return featureSets.compactMap(\.builtInModel).filter { seen.insert($0.identifier).inserted }
  }

  /// The training of a run.
  func options(of kind: ExperimentRun.Kind, randomSeed: UInt64) -> TrainingOptions {
    var options = training
    options.randomSeed = randomSeed
    switch kind {
    case .pretraining: options.strategy = nil
    case .featureSet(let featureSet):
      options.strategy = featureSet.strategy
      if featureSet == .crossEntropy { options.crossEntropyEpochs = convergenceEpochs }
    }
    return options
  }
}
