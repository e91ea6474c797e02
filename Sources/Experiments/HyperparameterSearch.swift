import Datasets
import Files
import Foundation
import MetricLearning
import Reproducibility
import Training

/// Compares several ways to train by cross-validation (paper 2.6: eight folds; a training learns from six, stops by one
/// and is judged by one). Each has a folder of its own, and is done once, however often the search is interrupted.
public struct HyperparameterSearch: Sendable {
  /// One way to train.
  public struct Candidate: Sendable, Hashable {
    /// What makes it different: "margin=2 batch=8x4". It also names the candidate's folder.
    public var name: String
    /// All choices.
    public var options: TrainingOptions

    /// A way to train.
    public init(name: String, options: TrainingOptions) {
      self.name = name
      self.options = options
    }
  }

  /// The result of one way to train.
  public struct Result: Sendable {
    /// The way to train.
    public var candidate: Candidate
    /// The measures of each fold's songs, by trainings that neither learned from them nor stopped by them. Folds whose
    /// training diverged are left out.
    public var folds: [QueryMeasures]
    /// The mean over all songs; nil if no fold could be measured.
    public var overall: QueryMeasures?
    /// The number of folds whose training diverged or collapsed.
    public var failures: Int
    /// The mean number of epochs up to the best one.
    public var epochs: Double
    /// The p-value of its difference from the best, by a paired permutation test over the songs; 1 for the best.
    public var pValue = 1.0

    fileprivate var precisions: [Int: Double]

    /// The sample standard deviation of the folds' MAP; nil for a single fold.
    public var deviation: Double? { MeanAndDeviation(folds.map(\.averagePrecision))?.deviation }
  }

  /// The ways to train.
  public let candidates: [Candidate]
  /// The feature set that is trained.
  public let featureSet: FeatureSet
  /// The number of folds.
  public let folds: Int
  /// The label whose songs every split keeps together; nil to split song by song.
  public let groupingKey: GroupingKey?
  /// The songs.
  public let dataset: Manifest
  /// The folder to which everything is written.
  public let folder: URL

  /// A search among candidates.
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

  /// Does the trainings that are not done yet, and ranks the candidates, the best first.
  ///
  /// - Parameters:
  ///   - restart: whether to delete what an earlier search left in the folders of these candidates.
  ///   - threads: does not change the results.
  ///   - report: is told the current candidate, counted from 0, and what happens; it may throw to stop.
  public func run(
    cache: LogMelCache, restart: Bool, threads: Int,
    report: @escaping @Sendable (_ candidate: Int, ExperimentEvent) throws -> Void
  ) throws -> [Result] {
    var unranked: [Result] = []
    for (index, candidate) in candidates.enumerated() {
      let own = configuration(candidate)
      let experiment = Experiment(own, dataset: dataset, folder: candidateFolder(candidate))
      if restart { try experiment.clear() }
      if let earlier = candidates[..<index].first(where: { configuration($0).sharesPretrainings(with: own) }) {
        try experiment.adoptPretrainings(of: candidateFolder(earlier))
      }
      let results = try experiment.run(cache: cache, restart: false, threads: threads) { try report(index, $0) }
      unranked.append(Result(candidate, results, featureSet: featureSet))
    }
    return Self.ranked(unranked)
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

  /// Sorts the results, the best first and those that could not be measured last.
  private static func ranked(_ results: [Result]) -> [Result] {
    var ranked = results.enumerated().sorted { first, second in
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

extension HyperparameterSearch.Result {
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
  public static func csv(_ ranking: [Result]) -> String {
    let measures = ["map", "map deviation over folds", "mrr", "p@1", "p@5", "p@9"]
    return CommaSeparatedValues.text(
      [["rank", "candidate"] + measures + ["epochs", "failures", "p"]]
        + ranking.enumerated().map { rank, item in
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

  /// Writes the ranking to `search.csv`, beside the candidates' folders.
  public func write(_ ranking: [Result]) throws(FileError) {
    try FileError.makeFolder(folder, remedy: "Choose another with --output.")
    try FileError.write(Data(Self.csv(ranking).utf8), to: folder.appending(path: "search.csv"))
  }
}

extension RunResult {
  /// The number of epochs up to the best one of each phase, summed over the phases.
  var epochsUntilBest: Int {
    let phases = Dictionary(grouping: history, by: \.phase)
    return phases.values.reduce(0) { sum, records in
      let best = records.max { ($0.validationMAP ?? -1, -$0.epoch) < ($1.validationMAP ?? -1, -$1.epoch) }
      return sum + (best?.epoch ?? 0)
    }
  }
}
