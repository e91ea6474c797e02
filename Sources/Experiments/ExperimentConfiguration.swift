import Datasets
import SongModels
import Training

/// What an experiment compares, and how often.
public struct ExperimentConfiguration: Sendable, Hashable {
  /// How often everything is done, each time with other splits and seeds; tables give mean ± deviation over these.
  public var repeats = 30
  /// In so many folds each song is a query once, while no network has seen it; nil for one random 80/10/10 split in
  /// each repeat, as in the paper.
  public var folds: Int?
  /// What is compared, in the order of the tables.
  public var featureSets = FeatureSet.standard
  /// How networks learn. The strategy (`strategy`) is each feature set's own; `crossEntropyEpochs` are the pre-training.
  public var training: TrainingOptions
  /// The most epochs of cross-entropy where it is a feature set of its own.
  public var convergenceEpochs: Int
  /// Songs that no split tears apart.
  public var groupingKey: GroupingKey?
  /// Whether the report shows where songs lie.
  public var drawsMaps = true

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

  /// Whether a feature set goes on from the pre-training: the strategies from its best epoch, cross-entropy alone from
  /// its last, so that it is the same training, longer; where the rate falls with the epochs there are, it is not.
  func sharesPretraining(_ featureSet: FeatureSet) -> Bool {
    guard hasPretraining else { return false }
    return featureSet.strategy != nil
      || featureSet == .crossEntropy && convergenceEpochs >= training.crossEntropyEpochs && !training.preset.decays
  }

  /// Whether the pre-trainings of another experiment on the same songs are this one's as well.
  func sharesPretrainings(with other: ExperimentConfiguration) -> Bool {
    hasPretraining && other.hasPretraining && folds == other.folds && groupingKey == other.groupingKey
      && options(of: .pretraining, randomSeed: randomSeed)
        == other.options(of: .pretraining, randomSeed: other.randomSeed)
  }

  /// The epoch after which a run ends at the latest, counted in its last phase; 0 where nothing is trained.
  func epochLimit(of kind: ExperimentRun.Kind) -> Int {
    switch kind {
    case .pretraining: training.crossEntropyEpochs
    case .featureSet(.crossEntropy): convergenceEpochs
    case .featureSet(let featureSet): featureSet.isTrained ? training.tripletEpochs : 0
    }
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
    case .pretraining:
      // What the strategies choose is none of its business: those that differ in it only share it.
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
