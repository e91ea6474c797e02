import AudioFeatures
import Datasets
import MetricLearning
import NeuralNetwork
import Training

/// What a report says in words.
struct ReportWords {
  let results: ExperimentResults
  private var configuration: ExperimentConfiguration { results.configuration }

  /// What was done, in a few sentences.
  var summary: String {
    let classes = results.songs.classNames.count
    let how =
      configuration.folds.map { folds in
        "in \(folds)-fold cross-validation, so that each song asks once while no network has seen it"
          + (configuration.repeats > 1 ? ", repeated \(configuration.repeats) times with other folds and seeds" : "")
      }
      ?? (configuration.repeats == 1
        ? "in one random split of 80 % to learn from, 10 % to stop by and 10 % to ask with"
        : "in \(configuration.repeats) random splits of 80 % to learn from, 10 % to stop by and 10 % to ask with")
    return "\(results.songs.songs.count) songs in \(classes) classes, \(how). "
      + "Test songs ask for their class among all other songs, by cosine similarity where nothing else is said."
  }

  /// What must be known to read Table 1.
  var remarks: [String] {
    var remarks: [String] = []
    for featureSet in configuration.featureSets {
      let runs = results.results(of: featureSet)
      for finding in [CollapseDetector.Finding.embeddingsAlike, .lossAtMargin] {
        let collapsed = runs.filter { $0.failure == nil && $0.collapse == finding }
        guard !collapsed.isEmpty else { continue }
        remarks.append(
          "\(featureSet.title) collapsed in \(collapsed.count) of \(runs.count) trainings: \(Self.text(finding)). "
            + "What is judged is the best epoch by validation MAP.")
      }
      let failed = runs.filter { $0.failure != nil }
      if !failed.isEmpty {
        remarks.append(
          "\(featureSet.title) \(featureSet.isTrained ? "diverged" : "failed") in \(failed.count) of \(runs.count) "
            + "splits, which take no part in its means: \(failed[0].failure ?? "")."
        )
      }
      let unanswered = runs.flatMap(\.answers).count { $0.measures == nil }
      if unanswered > 0 {
        remarks.append("\(featureSet.title): \(unanswered) queries had no other song of their class to find.")
      }
    }
    if configuration.repeats == 1 { remarks.append("One repeat only: there is no deviation to judge differences by.") }
    return remarks
  }

  private static func text(_ finding: CollapseDetector.Finding) -> String {
    switch finding {
    case .notFinite: "the loss was no longer a number"
    case .embeddingsAlike: "all embeddings became nearly the same"
    case .lossAtMargin: "the loss stayed at the margin"
    }
  }

  /// The choices.
  var settings: [String] {
    let training = configuration.training
    var choices = "Preset \(training.preset.rawValue), seed \(configuration.randomSeed); margin \(training.margin)"
    if configuration.featureSets.contains(.strategy(.angular)) { choices += ", angle \(training.angle)°" }
    if configuration.featureSets.contains(.strategy(.supervisedContrastive)) {
      choices += ", temperature \(training.temperature)"
    }
    choices += "; \(training.embeddingDimension) latent factors"
    choices += training.excerptCount > 1 ? ", the mean of \(training.excerptCount) excerpts of a song." : "."
    let excerpts = training.cropSeconds.map { "random excerpts of the middle \(Self.text($0)) s." }
    var lines: [String] = [
      choices,
      "Pre-training up to \(training.crossEntropyEpochs) epochs of cross-entropy, shared by the strategies; then up to "
        + "\(training.tripletEpochs) epochs of each. Cross-entropy alone up to \(configuration.convergenceEpochs).",
      training.preset.decays
        ? "Every phase takes all its epochs, while the rate of learning falls to 0, and ends with its last weights."
        : "A phase ends after \(training.patience) epochs without a better validation MAP, with the weights of its best.",
      "Optimiser: \(Self.text(training.optimiser ?? training.preset.optimiser)). "
        + "Batches of \(training.classesPerBatch) classes × \(training.songsPerClass) songs.",
      "Log-mels with a hop of \(training.hopLength) samples at 22,050 Hz, \(excerpts ?? "from the middle of a song.")",
    ]
    lines += configuration.featureSets.compactMap(\.explanation)
    if let groupingKey = configuration.groupingKey {
      lines.append("Songs of one \(groupingKey.rawValue) are never torn apart by a split.")
    }
    return lines
  }

  private static func text(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }

  private static func text(_ optimiser: Optimiser) -> String {
    switch optimiser {
    case .sgd(let rate, 0): "SGD, learning rate \(rate)"
    case .sgd(let rate, let momentum): "SGD, learning rate \(rate), momentum \(momentum)"
    case .adam(let rate, _, _, _, let decay):
      decay == 0 ? "Adam, learning rate \(rate)" : "AdamW, learning rate \(rate), weight decay \(decay)"
    }
  }
}

extension FeatureSet {
  /// What a reader must be told of a control; nil for what the paper explains.
  fileprivate var explanation: String? {
    switch self {
    case .chance: "Chance: the mean over all orders of the songs, computed and not drawn."
    case .lda:
      "LDA on MFCC: the baseline's numbers on the axes that tell the classes of a split's training songs apart, with the "
        + "covariances shrunk (Ledoit–Wolf); it sees no other song."
    case .musly:
      "musly (timbre): a Gaussian of each song's 25 MFCC, Jensen–Shannon distance, mutual proximity over all songs; as "
        + "musly does it, in Akin's own code."
    case .descriptor:
      "Descriptor: Akin's model that needs no training, standardised over all songs, corrected for hubs and moved towards neighbours, as in a search."
    case .learnedDescriptor:
      "Descriptor, learned: the same without most of the differences that songs of one class have, learned from a split's "
        + "training songs; as the model in the box was learned from other songs."
    default: nil
    }
  }
}
