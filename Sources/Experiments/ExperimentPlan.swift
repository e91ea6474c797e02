import Datasets
import Foundation
import MetricLearning

/// One division of the songs into parts: a repeat, or one fold of it.
public struct ExperimentSplit: Sendable, Hashable {
  /// The repeat, counted from 0.
  public var repetition: Int
  /// The fold whose songs are the test songs, counted from 0; nil for a random split.
  public var fold: Int?
  /// The seed of the trainings.
  public var randomSeed: UInt64
  /// The parts.
  public var parts: DatasetParts

  /// A split.
  package init(repetition: Int, fold: Int?, randomSeed: UInt64, parts: DatasetParts) {
    self.repetition = repetition
    self.fold = fold
    self.randomSeed = randomSeed
    self.parts = parts
  }

  /// The name of its folder: "repeat-01" or "repeat-01-fold-1", counted from 1 as people do.
  public var name: String {
    let number = String(repetition + 1)
    let padded = "repeat-" + String(repeating: "0", count: max(0, 2 - number.count)) + number
    return fold.map { "\(padded)-fold-\($0 + 1)" } ?? padded
  }
}

/// One piece of work of an experiment, with a folder of its own.
public struct ExperimentRun: Sendable, Hashable {
  /// What is done.
  public enum Kind: Sendable, Hashable {
    /// The pre-training by cross-entropy, from which the strategies continue.
    case pretraining
    /// A feature set is made, if necessary by training, and judged.
    case featureSet(FeatureSet)

    /// The name of the run's folder.
    public var name: String {
      switch self {
      case .pretraining: "pretraining"
      case .featureSet(let featureSet): featureSet.rawValue
      }
    }
  }

  /// The index of the split in the plan's splits.
  public var split: Int
  /// What is done.
  public var kind: Kind
}

/// Everything that an experiment does, in order. It follows from the songs and the configuration alone.
///
/// A repeat depends only on the seed and its own number, so more repeats can be added to an experiment later.
public struct ExperimentPlan: Sendable, Hashable {
  /// The splits.
  public let splits: [ExperimentSplit]
  /// The runs; a split's pre-training comes before the runs that continue from it.
  public let runs: [ExperimentRun]

  /// Plans an experiment on songs, all of which can be heard.
  ///
  /// - Throws: `StratifiedSplitError` for fewer than three folds, `DatasetError` if a part would be empty.
  public init(_ configuration: ExperimentConfiguration, songs: Manifest) throws {
    var splits: [ExperimentSplit] = []
    for repetition in 0..<configuration.repeats {
      let seed = configuration.randomSeed &+ UInt64(repetition)
      let splitting = DatasetSplitting(groupingKey: configuration.groupingKey, randomSeed: seed)
      guard let count = configuration.folds else {
        let parts = splitting.parts(of: songs, shares: try StratifiedSplit())
        splits.append(ExperimentSplit(repetition: repetition, fold: nil, randomSeed: seed, parts: parts))
        continue
      }
      let folds = splitting.folds(of: songs, folds: try StratifiedFolds(count: count))
      splits += folds.indices.map { fold in
        // Each fold has other weights and batches. The fold is in the seed's high half, so that no other repeat has the
        // same.
        ExperimentSplit(
          repetition: repetition, fold: fold, randomSeed: seed ^ UInt64(fold) << 32,
          parts: DatasetParts(folds: folds, test: fold))
      }
    }
    for split in splits {
      for (name, part) in split.parts.named where part.songs.isEmpty {
        throw DatasetError(
          path: songs.folder.path, reason: "\(split.name) would have no \(name) song",
          remedy: "Give more songs, or fewer --folds.")
      }
    }
    self.splits = splits
    let kinds =
      (configuration.hasPretraining ? [.pretraining] : [])
      + configuration.featureSets.map(ExperimentRun.Kind.featureSet)
    runs = splits.indices.flatMap { split in kinds.map { ExperimentRun(split: split, kind: $0) } }
  }
}
