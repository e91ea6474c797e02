import Datasets
import MetricLearning

/// The paper's two tables.
struct ResultTables {
  let results: ExperimentResults

  /// The feature sets that have a result.
  var featureSets: [FeatureSet] {
    results.configuration.featureSets.filter { !results.results(of: $0).isEmpty }
  }

  private typealias Measure = @Sendable (QueryMeasures) -> Double

  /// The names of all measures, in order.
  static var measureNames: [String] { measures.map(\.name) }

  private static let measures: [(name: String, value: @Sendable (QueryMeasures) -> Double)] = [
    ("MRR", { $0.reciprocalRank }), ("MAP", { $0.averagePrecision }), ("P@1", { $0.precisionAt1 }),
    ("P@5", { $0.precisionAt5 }), ("P@9", { $0.precisionAt9 }),
  ]

  /// All queries: the mean over the repeats, of which each is the mean over its queries.
  func overall(_ featureSet: FeatureSet) -> [MeanAndDeviation?] {
    Self.overall(results.answers(of: featureSet), measures: \.measures)
  }

  /// All measures of one kind, over the repeats.
  static func overall(
    _ answers: [[RunResult.Answer]], measures kind: (RunResult.Answer) -> QueryMeasures?
  ) -> [MeanAndDeviation?] {
    let repeats = answers.compactMap { QueryMeasures(meanOf: $0.compactMap(kind)) }
    return measures.map { measure in MeanAndDeviation(repeats.map(measure.value)) }
  }

  /// MAP and MRR of the queries of a class, over the repeats in which it had any.
  func ofClass(_ className: String, _ featureSet: FeatureSet) -> [MeanAndDeviation?] {
    let repeats = results.answers(of: featureSet).compactMap { answers in
      QueryMeasures(
        meanOf: answers.filter { results.songs.songs[$0.song].className == className }.compactMap(\.measures))
    }
    return [MeanAndDeviation(repeats.map(\.averagePrecision)), MeanAndDeviation(repeats.map(\.reciprocalRank))]
  }

  /// Table 1: measures by feature set, the best of each in bold.
  var table1: ReportTable {
    let values = featureSets.map(overall)
    let best = Self.measures.indices.map { column in Self.best(values.map { $0[column] }) }
    let rows = zip(featureSets, values).map { featureSet, row in
      [ReportTable.Cell(featureSet.title)]
        + row.enumerated().map { column, value in Self.cell(value, best: best[column]) }
    }
    return ReportTable(
      name: "table-1", caption: "Table 1. All queries: mean ± standard deviation over the repeats; the best in bold.",
      header: ["Features"] + Self.measures.map(\.name), rows: rows)
  }

  /// Table 2: MAP and MRR by class and feature set, the best of each class in bold.
  var table2: ReportTable {
    let rows = results.songs.classNames.map { className in
      let values = featureSets.map { ofClass(className, $0) }
      let best = [0, 1].map { measure in Self.best(values.map { $0[measure] }) }
      return [ReportTable.Cell(className)]
        + values.flatMap { pair in [0, 1].map { Self.cell(pair[$0], best: best[$0]) } }
    }
    return ReportTable(
      name: "table-2", caption: "Table 2. MAP and MRR of the queries of each class; the best of each class in bold.",
      groups: featureSets.map { .init(title: $0.title, columns: 2) },
      header: ["Class"] + featureSets.flatMap { _ in ["MAP", "MRR"] }, rows: rows)
  }

  /// The best mean as it is printed, so that equal numbers are equally bold.
  private static func best(_ values: [MeanAndDeviation?]) -> String? {
    values.compactMap { $0?.mean }.max().map(MeanAndDeviation.text)
  }

  static func cell(_ value: MeanAndDeviation?, best: String?) -> ReportTable.Cell {
    guard let value else { return .init("–") }
    return .init(value.text, isBest: MeanAndDeviation.text(value.mean) == best)
  }
}
