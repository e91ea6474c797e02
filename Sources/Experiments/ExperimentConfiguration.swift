import Datasets
import SongModels
import Training

/// What an experiment compares, and how often.
public struct ExperimentConfiguration: Sendable, Hashable {
  /// How often everything is done, each time with other splits and seeds. Tables give the mean ± deviation over the
  /// repeats.
  public var repeats = 30
  /// The number of folds of a cross-validation, in which each song is a query once, for networks that have not seen it.
  /// Nil for one random 80/10/10 split in each repeat, as in the paper.
  public var folds: Int?
  /// What is compared, in the order of the tables.
  public var featureSets = FeatureSet.standard
  /// How networks learn. Each feature set has its own `strategy`; `crossEntropyEpochs` are those of the pre-training.
  public var training: TrainingOptions
  /// The largest number of epochs of the feature set that is cross-entropy alone.
  public var convergenceEpochs: Int
  /// The label whose songs every split keeps together; nil to split song by song.
  public var groupingKey: GroupingKey?
  /// Whether the report shows maps of the songs.
  public var drawsMaps = true

  /// The least number of songs in a class: one to learn from, one to stop by, and one to ask with.
  public static let minimumSongsPerClass = 3

  /// The paper's protocol with these choices. Cross-entropy alone may take as many epochs as pre-training and strategy
  /// together.
  public init(training: TrainingOptions) {
    self.training = training
    convergenceEpochs = training.crossEntropyEpochs + training.tripletEpochs
  }

  /// The seed of everything that is drawn at random.
  public var randomSeed: UInt64 { training.randomSeed }

  /// Whether strategies continue from a shared pre-training.
  var hasPretraining: Bool {
    training.crossEntropyEpochs > 0 && training.tripletEpochs > 0 && featureSets.contains { $0.strategy != nil }
  }

  /// Whether a feature set continues from the pre-training. Strategies continue from its best epoch. Cross-entropy
  /// alone continues from its last epoch, as the same training made longer; but not if the learning rate decays, since
  /// it then depends on the number of epochs.
  func sharesPretraining(_ featureSet: FeatureSet) -> Bool {
    guard hasPretraining else { return false }
    return featureSet.strategy != nil
      || featureSet == .crossEntropy && convergenceEpochs >= training.crossEntropyEpochs && !training.preset.decays
  }

  /// Whether another experiment on the same songs has the same pre-trainings as this one.
  func sharesPretrainings(with other: ExperimentConfiguration) -> Bool {
    hasPretraining && other.hasPretraining && folds == other.folds && groupingKey == other.groupingKey
      && options(of: .pretraining, randomSeed: randomSeed)
        == other.options(of: .pretraining, randomSeed: other.randomSeed)
  }

  /// The largest number of epochs of a run's last phase; 0 if nothing is trained.
  func epochLimit(of kind: ExperimentRun.Kind) -> Int {
    switch kind {
    case .pretraining: training.crossEntropyEpochs
    case .featureSet(.crossEntropy): convergenceEpochs
    case .featureSet(let featureSet): featureSet.isTrained ? training.tripletEpochs : 0
    }
  }

  /// The models that need no training; one of several models with the same vectors.
  var builtInModels: [EmbeddingModel] {
    var seen: Set<String> = []
    return featureSets.compactMap(\.builtInModel).filter { seen.insert($0.identifier).inserted }
  }

  /// The choices for the training of a run.
  func options(of kind: ExperimentRun.Kind, randomSeed: UInt64) -> TrainingOptions {
    var options = training
    options.randomSeed = randomSeed
    switch kind {
    case .pretraining:
      // The strategies' own choices do not count, so that experiments that differ only in these share the pre-training.
      let standard = TrainingOptions(preset: training.preset)
      (options.strategy, options.tripletEpochs, options.excerptCount) = (nil, standard.tripletEpochs, 1)
      (options.margin, options.angle, options.temperature) = (standard.margin, standard.angle, standard.temperature)
    case .featureSet(let featureSet):
      options.strategy = featureSet.strategy
      if featureSet == .crossEntropy { options.crossEntropyEpochs = convergenceEpochs }
    }
    return options
  }
}
