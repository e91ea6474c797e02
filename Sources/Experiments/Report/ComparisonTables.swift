import AudioFeatures
import Figures
import MetricLearning

/// The tables that go beyond the paper: how certain the differences are, other distances, the artist filter and hubs.
struct ComparisonTables {
  let results: ExperimentResults
  let comparison: FeatureComparison

  private var sampled: String { comparison.drawsArtists ? "artists, each with all of its songs" : "songs" }

  /// Intervals of MAP and MRR, and the gain over the baseline.
  var intervals: ReportTable {
    let rows = comparison.intervals.map { item in
      [
        ReportTable.Cell(item.featureSet.title), .init("\(item.queries)"), .init(Self.text(item.map.mean)),
        .init(Self.text(item.map)), .init(Self.text(item.mrr.mean)), .init(Self.text(item.mrr)),
      ] + gain(item.featureSet)
    }
    return ReportTable(
      name: "table-3",
      caption: "Table 3. Certainty: 95 % intervals by bootstrap over \(sampled); each song counts once, with its mean "
        + "over the repeats. The gain over the baseline is that of MAP; its p is that of a paired permutation test, "
        + "corrected for the number of pairs (Holm).",
      header: ["Features", "Queries", "MAP", "95 %", "MRR", "95 %", "Gain over MFCC", "95 %", "p"], rows: rows)
  }

  private func gain(_ featureSet: FeatureSet) -> [ReportTable.Cell] {
    guard featureSet != .mfcc,
      let item = comparison.differences.first(where: { Set([$0.first, $0.second]) == [featureSet, .mfcc] })
    else { return [.init("–"), .init("–"), .init("–")] }
    let sign = item.first == featureSet ? 1.0 : -1
    let interval = item.interval
    let (low, high) = sign > 0 ? (interval.lower, interval.upper) : (-interval.upper, -interval.lower)
    return [
      .init(Self.signed(sign * item.interval.mean)), .init("\(Self.signed(low)) to \(Self.signed(high))"),
      .init(Self.probability(item.correctedPValue)),
    ]
  }

  /// The difference in MAP of every pair.
  var pairs: ReportTable {
    let sets = comparison.intervals.map(\.featureSet)
    let rows = sets.enumerated().map { number, row in
      [ReportTable.Cell("\(number + 1) \(row.title)")]
        + sets.map { column -> ReportTable.Cell in
          guard row != column, let item = comparison.difference(row, column) else { return .init("") }
          let mark = item.pValue < 0.01 ? " **" : item.pValue < 0.05 ? " *" : ""
          return .init(Self.signed(item.mean) + mark, shade: item.mean > 0 && !mark.isEmpty ? 0.25 : nil)
        }
    }
    return ReportTable(
      name: "table-4",
      caption: "Table 4. MAP of the row minus MAP of the column (the columns have the rows' numbers). * p < 0.05, "
        + "** p < 0.01 by a paired permutation test, corrected for the number of pairs. A cell is shaded if its row is "
        + "better with p < 0.05.",
      header: ["Features"] + sets.indices.map { "\($0 + 1)" }, rows: rows)
  }

  /// MAP and MRR by cosine and by other distances.
  var distances: ReportTable? {
    let sets = comparison.intervals.map(\.featureSet).filter(\.hasCoordinates)
    guard !sets.isEmpty else { return nil }
    typealias Choice = @Sendable (RunResult.Answer) -> QueryMeasures?
    let choices: [(title: String, measures: Choice)] = [
      ("Cosine", { $0.measures }), ("Euclidean", { $0.euclidean }), ("Manhattan", { $0.manhattan }),
    ]
    let rows = sets.map { featureSet in
      let values = choices.map { overall(featureSet, $0.measures) }
      let best = [0, 1].map { column in
        values.compactMap { $0[column]?.mean }.max().map(MeanAndDeviation.text)
      }
      return [ReportTable.Cell(featureSet.title)]
        + values.flatMap { pair in [0, 1].map { ResultTables.cell(pair[$0], best: best[$0]) } }
    }
    return ReportTable(
      name: "table-5",
      caption: "Table 5. The same vectors compared by other distances; the best of each row in bold. The descriptor's "
        + "cosine is corrected for hubs, as in a search.",
      groups: choices.map { .init(title: $0.title, columns: 2) },
      header: ["Features"] + choices.flatMap { _ in ["MAP", "MRR"] }, rows: rows)
  }

  /// All measures without songs by the query's own artist; nil if that leaves nothing to find.
  var artistFilter: ReportTable? {
    let sets = comparison.intervals.map(\.featureSet)
    let values = sets.map { ResultTables.overall(results.answers(of: $0), measures: \.otherArtists) }
    guard values.contains(where: { $0[0] != nil }) else { return nil }
    let best = ResultTables.measureNames.indices.map { column in
      values.compactMap { $0[column]?.mean }.max().map(MeanAndDeviation.text)
    }
    let rows = zip(sets, values).map { featureSet, row in
      [ReportTable.Cell(featureSet.title)]
        + row.enumerated().map { ResultTables.cell($0.element, best: best[$0.offset]) }
    }
    return ReportTable(
      name: "table-6",
      caption: "Table 6. With the artist filter: songs by the query's own artist are taken out of the answers, so that "
        + "finding the same voice or studio does not count. Queries whose class has no other artist are left out.",
      header: ["Features"] + ResultTables.measureNames, rows: rows)
  }

  /// How unevenly songs come up as neighbours.
  var hubs: ReportTable? {
    let rows = comparison.intervals.map(\.featureSet).compactMap { featureSet -> [ReportTable.Cell]? in
      let hubs = results.results(of: featureSet).compactMap(\.hubs)
      guard let skewness = MeanAndDeviation(hubs.map(\.skewness)),
        let largest = MeanAndDeviation(hubs.map { Double($0.largestOccurrence) }),
        let never = MeanAndDeviation(hubs.map { 100 * $0.antiHubShare })
      else { return nil }
      return [.init(featureSet.title)]
        + [(skewness, 2), (largest, 1), (never, 1)].map { .init(ReportNumber.text($0.0.mean, decimals: $0.1)) }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      name: "table-7",
      caption: "Table 7. Hubs: how often a song comes up among the \(RunResult.neighbourCount) nearest of other songs, "
        + "mean over the splits. A skewness above 1 says that a few songs come up for many others.",
      header: ["Features", "Skewness", "Largest hub", "% that never come up"], rows: rows)
  }

  /// MAP and MRR over the repeats.
  func overall(
    _ featureSet: FeatureSet, _ measures: (RunResult.Answer) -> QueryMeasures?
  ) -> [MeanAndDeviation?] {
    let all = ResultTables.overall(results.answers(of: featureSet), measures: measures)
    return [all[1], all[0]]
  }

  private static func text(_ value: Double) -> String { MeanAndDeviation.text(value) }
  private static func text(_ interval: BootstrapInterval) -> String {
    "\(text(interval.lower)) to \(text(interval.upper))"
  }
  private static func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + text(value) }
  private static func probability(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : ReportNumber.text(value, decimals: 3)
  }
}
