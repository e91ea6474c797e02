import Datasets
import Files
import Foundation
import MetricLearning
import Reproducibility
import Training

/// Cross-validation of several ways to train (paper 2.6: eight folds, of which six teach, one says when to stop and one
/// judges), each in a folder of its own, each done once however often the search is interrupted.
public struct HyperparameterSearch: Sendable {
  /// One way to train.
  public struct Candidate: Sendable, Hashable {
    /// What sets it apart: "margin=2 batch=8x4". The name of its folder.
    public var name: String
    /// All choices.
    public var options: TrainingOptions

    /// A way to train.
    public init(name: String, options: TrainingOptions) {
      self.name = name
      self.options = options
    }
  }

  /// How well a way to train did.
  public struct Standing: Sendable {
    /// The way.
    public var candidate: Candidate
    /// The measures of each fold's songs, which neither taught nor stopped the training; folds that diverged are left out.
    public var folds: [QueryMeasures]
    /// The mean over all songs; nil where no fold could be measured.
    public var overall: QueryMeasures?
    /// How many folds diverged or collapsed.
    public var failures: Int
    /// The mean number of epochs until the best one.
    public var epochs: Double
    /// The probability that it is no worse than the best, by a paired permutation test over the songs; 1 for the best.
    public var pValue = 1.0

    fileprivate var precisions: [Int: Double]

    /// How much the folds' MAP differ: their sample standard deviation; nil of a single fold.
    public var deviation: Double? { MeanAndDeviation(folds.map(\.averagePrecision))?.deviation }
  }

  /// The ways to train.
  public let candidates: [Candidate]
  /// The feature set that is trained.
  public let featureSet: FeatureSet
  /// The folds.
  public let folds: Int
  /// Songs that no split tears apart.
  public let groupingKey: GroupingKey?
  /// The songs.
  public let dataset: Manifest
  /// Where everything is written.
  public let folder: URL

  /// A search.
  public init(
    _ candidates: [Candidate], of featureSet: FeatureSet, folds: Int, groupingKey: GroupingKey? = nil,
    dataset: Manifest, folder: URL
  ) {
    precondition(featureSet.isTrained, "\(featureSet) is not trained")
    self.candidates = candidates
    self.featureSet = featureSet
    self.folds = folds
    self.groupingKey = groupingKey
    self.dataset = dataset
    self.folder = folder
  }

  /// Does what is not done yet, and ranks the ways, the best first.
  ///
  /// - Parameters:
  ///   - restart: whether to throw away what an earlier search left in the folders of these candidates.
  ///   - threads: does not change the results.
  ///   - report: is told which candidate is at hand, counted from 0, and what happens; throw from it to stop.
  public func run(
    cache: LogMelCache, restart: Bool, threads: Int,
    report: @escaping @Sendable (_ candidate: Int, ExperimentEvent) throws -> Void
  ) throws -> [Standing] {
    var standings: [Standing] = []
    for (index, candidate) in candidates.enumerated() {
      let own = configuration(candidate)
      let experiment = Experiment(own, dataset: dataset, folder: candidateFolder(candidate))
      if restart { try experiment.clear() }
      if let earlier = candidates[..<index].first(where: { configuration($0).sharesPretrainings(with: own) }) {
        try experiment.adoptPretrainings(of: candidateFolder(earlier))
      }
      let results = try experiment.run(cache: cache, restart: false, threads: threads) { try report(index, $0) }
      standings.append(Standing(candidate, results, featureSet: featureSet))
    }
    return Self.ranked(standings)
  }

  private func configuration(_ candidate: Candidate) -> ExperimentConfiguration {
    var configuration = ExperimentConfiguration(training: candidate.options)
    (configuration.repeats, configuration.folds, configuration.groupingKey) = (1, folds, groupingKey)
    configuration.featureSets = [featureSet]
    configuration.drawsMaps = false
    if featureSet == .crossEntropy { configuration.convergenceEpochs = candidate.options.crossEntropyEpochs }
    return configuration
  }

  private func candidateFolder(_ candidate: Candidate) -> URL {
    let name = candidate.name.replacing("/", with: "-").replacing(" ", with: "_")
    return folder.appending(path: name.isEmpty ? "as-given" : name, directoryHint: .isDirectory)
  }

  /// The best first; those that could not be measured last.
  private static func ranked(_ standings: [Standing]) -> [Standing] {
    var ranked = standings.enumerated().sorted { first, second in
      let (a, b) = (first.element.overall?.averagePrecision ?? -1, second.element.overall?.averagePrecision ?? -1)
      return (a, second.offset) > (b, first.offset)
    }.map(\.element)
    guard let best = ranked.first else { return [] }
    for index in ranked.indices.dropFirst() {
      let songs = best.precisions.keys.filter { ranked[index].precisions[$0] != nil }.sorted()
      var generator = SeededGenerator(seed: 1)
      ranked[index].pValue =
        PairedPermutationTest(
          songs.compactMap { best.precisions[$0] }, songs.compactMap { ranked[index].precisions[$0] },
          using: &generator
        ).pValue
    }
    return ranked
  }
}

extension HyperparameterSearch.Standing {
  fileprivate init(
    _ candidate: HyperparameterSearch.Candidate, _ results: ExperimentResults, featureSet: FeatureSet
  ) {
    let runs = results.results(of: featureSet)
    self.candidate = candidate
    folds = runs.compactMap(\.metrics)
    overall = results.mean(of: featureSet)
    failures = runs.count { $0.failure != nil || $0.collapse != nil }
    let best = runs.map(\.epochsUntilBest)
    epochs = best.isEmpty ? 0 : Double(best.reduce(0, +)) / Double(best.count)
    precisions = Dictionary(
      runs.flatMap(\.answers).compactMap { answer in answer.measures.map { (answer.song, $0.averagePrecision) } }
    ) { first, _ in first }
  }
}

extension HyperparameterSearch {
  /// The ranking as CSV.
  public static func csv(_ standings: [Standing]) -> String {
    let measures = ["map", "map deviation over folds", "mrr", "p@1", "p@5", "p@9"]
    return CommaSeparatedValues.text(
      [["rank", "candidate"] + measures + ["epochs", "failures", "p"]]
        + standings.enumerated().map { rank, item in
          let values = item.overall.map {
            [
              $0.averagePrecision, item.deviation ?? 0, $0.reciprocalRank, $0.precisionAt1, $0.precisionAt5,
              $0.precisionAt9,
            ]
          }
          return ["\(rank + 1)", item.candidate.name] + (values?.map { "\($0)" } ?? Array(repeating: "", count: 6))
            + ["\(item.epochs)", "\(item.failures)", "\(item.pValue)"]
        })
  }

  /// Writes the ranking beside the candidates' folders: `search.csv`.
  public func write(_ standings: [Standing]) throws(FileError) {
    try FileError.makeFolder(folder, remedy: "Choose another with --output.")
    try FileError.write(Data(Self.csv(standings).utf8), to: folder.appending(path: "search.csv"))
  }
}

extension RunResult {
  /// The epochs until the best one, those of all phases.
  var epochsUntilBest: Int {
    let phases = Dictionary(grouping: history, by: \.phase)
    return phases.values.reduce(0) { sum, records in
      let best = records.max { ($0.validationMAP ?? -1, -$0.epoch) < ($1.validationMAP ?? -1, -$1.epoch) }
      return sum + (best?.epoch ?? 0)
    }
  }
}
