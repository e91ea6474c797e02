import Datasets
import MetricLearning
import Reproducibility

/// How certain the differences between feature sets are: bootstrap intervals, and paired tests of all pairs.
///
/// A song counts once, with the mean of its measures over the repeats. If the classes are not artists, songs by one
/// artist are not independent samples, so whole artists are drawn.
package struct FeatureComparison {
  /// The measures of one feature set.
  package struct Interval {
    package var featureSet: FeatureSet
    package var map: BootstrapInterval
    package var mrr: BootstrapInterval
    package var queries: Int
  }

  /// The difference of two feature sets, on the songs that were queries of both.
  package struct Difference {
    package var first: FeatureSet
    package var second: FeatureSet
    package var queries: Int
    /// The interval of the average precision of the first minus that of the second.
    package var interval: BootstrapInterval
    /// The p-value of the permutation test.
    package var pValue: Double
    /// The same p-value, corrected for the number of pairs (Holm).
    package var correctedPValue: Double
    /// The p-value of Wilcoxon's signed-rank test, not corrected.
    package var wilcoxonPValue: Double
  }

  /// Whether whole artists are drawn rather than songs.
  package let drawsArtists: Bool
  /// The intervals of every feature set that could be measured.
  package let intervals: [Interval]
  /// The differences of every pair of these, of which the second comes later in the tables.
  package let differences: [Difference]

  package init(_ results: ExperimentResults) {
    let units = Self.artists(results.songs)
    drawsArtists = units != nil
    let values = results.configuration.featureSets.compactMap { featureSet -> (FeatureSet, [Int: QueryMeasures])? in
      let measures = Self.measures(results.results(of: featureSet))
      return measures.isEmpty ? nil : (featureSet, measures)
    }
    intervals = values.map { featureSet, measures in
      let songs = measures.keys.sorted()
      let groups = units.map { units in songs.map { units[$0] } }
      func interval(_ value: (QueryMeasures) -> Double) -> BootstrapInterval {
        Self.interval(songs.compactMap { measures[$0].map(value) }, groups)
      }
      return Interval(
        featureSet: featureSet, map: interval(\.averagePrecision), mrr: interval(\.reciprocalRank),
        queries: songs.count)
    }
    var differences: [Difference] = []
    for (index, first) in values.enumerated() {
      for second in values[(index + 1)...] {
        if let difference = Self.difference(first, second, units: units) { differences.append(difference) }
      }
    }
    Self.correct(&differences)
    self.differences = differences
  }

  /// The mean difference of a pair in either order, the first minus the second, and its corrected p-value.
  func difference(_ first: FeatureSet, _ second: FeatureSet) -> (mean: Double, pValue: Double)? {
    for item in differences {
      if item.first == first && item.second == second { return (item.interval.mean, item.correctedPValue) }
      if item.first == second && item.second == first { return (-item.interval.mean, item.correctedPValue) }
    }
    return nil
  }

  // MARK: - Parts

  /// The number of resamples: fewer for many songs, which need fewer and would otherwise take minutes.
  private static func resamples(_ most: Int, count: Int) -> Int { max(1000, min(most, 20_000_000 / max(1, count))) }

  private static func interval(_ values: [Double], _ groups: [Int]?) -> BootstrapInterval {
    var generator = SeededGenerator(seed: 1)
    return BootstrapInterval(
      of: values, groups: groups, resamples: resamples(2000, count: values.count), using: &generator)
  }

  /// For each query, the mean over the repeats.
  private static func measures(_ runs: [RunResult]) -> [Int: QueryMeasures] {
    var answers: [Int: [QueryMeasures]] = [:]
    for answer in runs.flatMap(\.answers) {
      if let measures = answer.measures { answers[answer.song, default: []].append(measures) }
    }
    return answers.compactMapValues(QueryMeasures.init(meanOf:))
  }

  /// A number for the artist of each song; nil unless there are more artists than classes. Each song without an artist
  /// has a number of its own.
  private static func artists(_ songs: Manifest) -> [Int]? {
    let labels = SongLabels(songs.songs)
    guard labels.artistCount > labels.classNames.count else { return nil }
    return songs.songs.enumerated().map { index, song in labels.artistIndex(of: song) ?? songs.songs.count + index }
  }

  private static func difference(
    _ first: (FeatureSet, [Int: QueryMeasures]), _ second: (FeatureSet, [Int: QueryMeasures]), units: [Int]?
  ) -> Difference? {
    let songs = first.1.keys.filter { second.1[$0] != nil }.sorted()
    guard !songs.isEmpty else { return nil }
    func values(_ measures: [Int: QueryMeasures]) -> [Double] { songs.compactMap { measures[$0]?.averagePrecision } }
    let (a, b) = (values(first.1), values(second.1))
    let groups = units.map { units in songs.map { units[$0] } }
    let (pairedA, pairedB) = groups.map { (means(a, $0), means(b, $0)) } ?? (a, b)
    var generator = SeededGenerator(seed: 2)
    let test = PairedPermutationTest(
      pairedA, pairedB, resamples: resamples(10_000, count: pairedA.count), using: &generator)
    return Difference(
      first: first.0, second: second.0, queries: songs.count, interval: interval(zip(a, b).map { $0 - $1 }, groups),
      pValue: test.pValue, correctedPValue: test.pValue,
      wilcoxonPValue: WilcoxonSignedRank(pairedA, pairedB).pValue)
  }

  /// The mean of each group, in the order of the groups.
  private static func means(_ values: [Double], _ groups: [Int]) -> [Double] {
    var members: [Int: [Double]] = [:]
    for (value, group) in zip(values, groups) { members[group, default: []].append(value) }
    return members.sorted { $0.key < $1.key }.map { $0.value.reduce(0, +) / Double($0.value.count) }
  }

  /// Holm's correction: the smallest p is multiplied by the number of pairs, the next by one less, and so on; no
  /// corrected p is below an earlier one.
  static func correct(_ differences: inout [Difference]) {
    let order = differences.indices.sorted { differences[$0].pValue < differences[$1].pValue }
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, differences[index].pValue * Double(differences.count - rank)))
      differences[index].correctedPValue = largest
    }
  }
}
