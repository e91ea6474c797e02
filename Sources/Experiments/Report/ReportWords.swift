import AudioFeatures
import Datasets
import MetricLearning
import NeuralNetwork
import Training

/// The sentences of a report.
struct ReportWords {
  let results: ExperimentResults
  private var configuration: ExperimentConfiguration { results.configuration }

  /// What was done.
  var summary: String {
    let classes = results.songs.classNames.count
    let how =
      configuration.folds.map { folds in
        "in \(folds)-fold cross-validation, so that each song is a query once, for networks that have not seen it"
          + (configuration.repeats > 1 ? ", repeated \(configuration.repeats) times with other folds and seeds" : "")
      }
      ?? (configuration.repeats == 1
        ? "in one random split of 80 % to learn from, 10 % to stop by and 10 % to ask with"
        : "in \(configuration.repeats) random splits of 80 % to learn from, 10 % to stop by and 10 % to ask with")
    return "\(results.songs.songs.count) songs in \(classes) classes, \(how). "
      + "Test songs ask for their class among all other songs, by cosine similarity unless stated otherwise."
  }

  /// What a reader of Table 1 must know.
  var remarks: [String] {
    var remarks: [String] = []
    for featureSet in configuration.featureSets {
      let runs = results.results(of: featureSet)
      for finding in [CollapseDetector.Finding.embeddingsAlike, .lossAtMargin] {
        let collapsed = runs.filter { $0.failure == nil && $0.collapse == finding }
        guard !collapsed.isEmpty else { continue }
        remarks.append(
          "\(featureSet.title) collapsed in \(collapsed.count) of \(runs.count) trainings: \(Self.text(finding)). "
            + "The epoch with the best validation MAP is judged.")
      }
      let failed = runs.filter { $0.failure != nil }
      if !failed.isEmpty {
        remarks.append(
          "\(featureSet.title) \(featureSet.isTrained ? "diverged" : "failed") in \(failed.count) of \(runs.count) "
            + "splits, which are not in its means: \(failed[0].failure ?? "")."
        )
      }
      let unanswered = runs.flatMap(\.answers).count { $0.measures == nil }
      if unanswered > 0 {
        remarks.append("\(featureSet.title): \(unanswered) queries had no other song of their class to find.")
      }
    }
    if configuration.repeats == 1 { remarks.append("A single repeat has no deviation to judge differences by.") }
    return remarks
  }

  private static func text(_ finding: CollapseDetector.Finding) -> String {
    switch finding {
    case .notFinite: "the loss was no longer a number"
    case .embeddingsAlike: "all embeddings became nearly the same"
    case .lossAtMargin: "the loss stayed at the margin"
    }
  }

  /// The choices of the experiment.
  var settings: [String] {
    let training = configuration.training
    var choices = "Preset \(training.preset.rawValue), seed \(configuration.randomSeed); margin \(training.margin)"
    if configuration.featureSets.contains(.strategy(.angular)) { choices += ", angle \(training.angle)°" }
    if configuration.featureSets.contains(.strategy(.supervisedContrastive)) {
      choices += ", temperature \(training.temperature)"
    }
    choices += "; \(training.embeddingDimension) latent factors"
    choices += training.excerptCount > 1 ? ", the mean of \(training.excerptCount) excerpts of a song." : "."
    let excerpts = training.cropSeconds.map { "in random excerpts of the middle \(Self.text($0)) s." }
    var lines: [String] = [
      choices,
      "Pre-training: up to \(training.crossEntropyEpochs) epochs of cross-entropy, which the strategies share; then "
        + "up to \(training.tripletEpochs) epochs of each strategy. Cross-entropy alone: up to "
        + "\(configuration.convergenceEpochs) epochs.",
      training.preset.decays
        ? "Every phase takes all its epochs, while the learning rate falls to 0, and keeps its last weights."
        : "A phase ends after \(training.patience) epochs without a better validation MAP, and keeps the weights of "
          + "its best epoch.",
      "Optimiser: \(Self.text(training.optimiser ?? training.preset.optimiser)). "
        + "Batches of \(training.classesPerBatch) classes × \(training.songsPerClass) songs.",
      "Log-mels with a hop of \(training.hopLength) samples at 22,050 Hz, \(excerpts ?? "from the middle of a song.")",
    ]
    lines += configuration.featureSets.compactMap(\.explanation)
    if let groupingKey = configuration.groupingKey {
      lines.append("A split never separates songs of one \(groupingKey.rawValue).")
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
  /// What a reader must know about a control; nil for what the paper explains.
  fileprivate var explanation: String? {
    switch self {
    case .chance: "Chance: the mean over all orders of the songs, computed rather than drawn."
    case .lda:
      "LDA on MFCC: the baseline's numbers on the axes that tell the classes of a split's training songs apart, with "
        + "shrunk covariances (Ledoit–Wolf); no other song takes part in fitting the axes."
    case .musly:
      "musly (timbre): a Gaussian of each song's 25 MFCC, the Jensen–Shannon distance, and mutual proximity over all "
        + "songs; musly's method in Akin's own code."
    case .descriptor:
      "Descriptor: Akin's model that needs no training, standardised over all songs, corrected for hubs and moved "
        + "towards neighbours, as in a search."
    case .learnedDescriptor:
      "Descriptor, learned: the same, but most of the differences between songs of one class are ignored, as learned "
        + "from a split's training songs. The model in the box was learned in this way from other songs."
    default: nil
    }
  }
}
