import ArgumentParser
import Experiments
import NeuralNetwork
import SongModels
import Training

extension TrainingPreset: ExpressibleByArgument {}

/// The strategy that follows cross-entropy.
struct StrategyChoice: ParsableArguments {
  /// A strategy by its name, or cross-entropy alone.
  struct Argument: ExpressibleByArgument {
    /// Nil for cross-entropy alone.
    let strategy: LearningStrategy?

    private static let alone = FeatureSet.crossEntropy.rawValue

    init?(argument: String) {
      strategy = LearningStrategy(rawValue: argument)
      if strategy == nil && argument != Self.alone { return nil }
    }

    static var allValueStrings: [String] { LearningStrategy.allCases.map(\.rawValue) + [alone] }
  }

  @Option(
    help: """
      What follows pre-training: triplet loss with triplets mined at random, semi-hard, custom or hard, or contrastive \
      (pairwise), angular or supervised-contrastive loss; cross-entropy for nothing (default: as the preset does, \
      semi-hard for most).
      """)
  var strategy: Argument?

  /// The strategy that was chosen, otherwise that of the preset.
  func chosen(otherwise preset: LearningStrategy?) -> LearningStrategy? { strategy.map(\.strategy) ?? preset }
}

/// How to learn: the choices that override those of a preset.
struct TrainingChoices: ParsableArguments {
  enum OptimiserName: String, CaseIterable, ExpressibleByArgument { case sgd, adam }

  @Option(
    help: """
      standard learns in minutes; paper is the paper's own: SGD at 0.001, summed loss, input in dB; transfer learns \
      what carries over to music that it has never heard.
      """)
  var preset = TrainingPreset.standard

  @Option(help: "The margin of triplet and contrastive loss.")
  var margin: Float?

  @Option(help: "The angular loss's angle, in degrees (default: 40).")
  var angle: Float?

  @Option(help: "The supervised contrastive loss's temperature (default: 0.1).")
  var temperature: Float?

  @Option(help: "The largest number of epochs of cross-entropy.")
  var pretrainEpochs: Int?

  @Option(help: "The largest number of epochs of the strategy that follows.")
  var epochs: Int?

  @Option(help: "A phase ends after so many epochs without a better validation MAP.")
  var patience: Int?

  @Option(help: "The optimiser (default: the preset's).")
  var optimiser: OptimiserName?

  @Option(help: "The learning rate (default: the preset's).")
  var learningRate: Float?

  @Option(help: "The momentum of SGD.")
  var momentum: Float = 0

  @Option(help: "Samples from one frame to the next, at 22,050 Hz.")
  var hopLength: Int?

  @Option(
    help: ArgumentHelp(
      "Cut random excerpts out of so many seconds from the middle of each song; 0 to always take the middle excerpt.",
      valueName: "seconds"))
  var crop: Double?

  @Option(
    help: ArgumentHelp(
      "The finished model hears so many excerpts of a song, spread over it (default: 1, the middle).",
      valueName: "count"))
  var excerpts: Int?

  @Option(help: ArgumentHelp("The number of latent factors of a song (default: 60).", valueName: "count"))
  var embeddingSize: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Change tempo, pitch, equalisation and bandwidth of excerpts at random (default: as the preset does).")
  var augment: Bool?

  @Option(help: "The number of classes in a batch.")
  var classesPerBatch: Int?

  @Option(help: "The number of songs of each class in a batch.")
  var songsPerClass: Int?

  @Option(help: "The seed of everything that is drawn at random, including the split.")
  var seed: UInt64 = 1

  /// More than anybody waits for.
  static let mostEpochs = 100_000

  func validate() throws {
    func check(_ name: String, _ value: (some Comparable & Numeric)?, isAllowed: Bool, _ rule: String) throws {
      if value != nil && !isAllowed { throw ValidationError("\(name) must be \(rule)") }
    }
    try check("--margin", margin, isAllowed: (margin ?? 1) > 0 && (margin ?? 1).isFinite, "above 0")
    try check("--angle", angle, isAllowed: (angle ?? 1) > 0 && (angle ?? 1) < 90, "between 0 and 90 degrees")
    try check(
      "--temperature", temperature, isAllowed: (temperature ?? 1) >= 0.001 && (temperature ?? 1) <= 1000,
      "in 0.001...1000")
    let counts = Excerpts.counts
    try check("--excerpts", excerpts, isAllowed: counts.contains(excerpts ?? 1), "in \(counts)")
    try check(
      "--embedding-size", embeddingSize, isAllowed: (2...1024).contains(embeddingSize ?? 2), "in 2...1024")
    for (name, count) in [("--pretrain-epochs", pretrainEpochs), ("--epochs", epochs)] {
      let range = 0...Self.mostEpochs
      try check(name, count, isAllowed: range.contains(count ?? 0), "in \(range)")
    }
    let patiences = 1...Self.mostEpochs
    try check("--patience", patience, isAllowed: patiences.contains(patience ?? 1), "in \(patiences)")
    try check("--learning-rate", learningRate, isAllowed: (learningRate ?? 1) > 0, "above 0")
    try check("--momentum", momentum, isAllowed: (0..<1).contains(momentum), "in 0..<1")
    try check("--hop-length", hopLength, isAllowed: (1...8192).contains(hopLength ?? 1), "in 1...8192")
    try check(
      "--crop", crop, isAllowed: crop == 0 || (1...86_400).contains(crop ?? 1), "0, or in 1...86400 seconds")
    try check("--classes-per-batch", classesPerBatch, isAllowed: (2...64).contains(classesPerBatch ?? 2), "in 2...64")
    if optimiser == .adam && momentum > 0 { throw ValidationError("--momentum goes with --optimiser sgd") }
    try check("--songs-per-class", songsPerClass, isAllowed: (2...64).contains(songsPerClass ?? 2), "in 2...64")
  }

  /// The choices of the preset, overridden by those that were given.
  func options() throws -> TrainingOptions {
    var options = TrainingOptions(preset: preset)
    options.margin = margin ?? options.margin
    options.angle = angle ?? options.angle
    options.temperature = temperature ?? options.temperature
    options.excerptCount = excerpts ?? options.excerptCount
    options.embeddingDimension = embeddingSize ?? options.embeddingDimension
    options.crossEntropyEpochs = pretrainEpochs ?? options.crossEntropyEpochs
    options.tripletEpochs = epochs ?? options.tripletEpochs
    options.patience = patience ?? options.patience
    options.hopLength = hopLength ?? options.hopLength
    if let crop { options.cropSeconds = crop == 0 ? nil : crop }
    if let augment { options.augmentation = augment ? options.augmentation ?? SpectrogramAugmentation() : nil }
    options.classesPerBatch = classesPerBatch ?? options.classesPerBatch
    options.songsPerClass = songsPerClass ?? options.songsPerClass
    options.randomSeed = seed
    options.optimiser = chosenOptimiser
    return options
  }

  private var chosenOptimiser: Optimiser? {
    guard optimiser != nil || learningRate != nil || momentum > 0 else { return nil }
    switch optimiser ?? (preset == .paper || momentum > 0 ? .sgd : .adam) {
    case .sgd: return .sgd(learningRate: learningRate ?? 0.001, momentum: momentum)
    case .adam: return .adam(learningRate: learningRate ?? 0.003)
    }
  }
}
