import Datasets
import Files
import MetricLearning

/// All numbers of a report, as CSV in full precision.
struct ReportSpreadsheets {
  let results: ExperimentResults
  let comparison: FeatureComparison

  private static let measures = ["mrr", "map", "p@1", "p@5", "p@9"]

  var files: [ExperimentReport.File] {
    [
      ("table-1", table1), ("table-2", table2), ("runs", runs), ("queries", queries), ("confusion", confusion),
      ("table-3", intervals), ("table-4", differences), ("table-5", distances), ("table-6", artistFilter),
      ("table-7", hubs), ("maps", maps),
      ("left-out", [["path", "reason"]] + results.leftOut.map { [$0.path, $0.reason] }),
    ].map { name, rows in ExperimentReport.File(path: "tables/\(name).csv", text: CommaSeparatedValues.text(rows)) }
  }

  private var tables: ResultTables { ResultTables(results: results) }

  private static func cells(_ value: MeanAndDeviation?) -> [String] {
    [value.map { "\($0.mean)" } ?? "", value?.deviation.map { "\($0)" } ?? ""]
  }

  private static func cells(_ measures: QueryMeasures?) -> [String] {
    guard let measures else { return Self.measures.map { _ in "" } }
    return [
      measures.reciprocalRank, measures.averagePrecision, measures.precisionAt1, measures.precisionAt5,
      measures.precisionAt9,
    ].map { "\($0)" }
  }

  private var table1: [[String]] {
    [["features"] + Self.measures.flatMap { ["\($0) mean", "\($0) deviation"] }]
      + tables.featureSets.map { [$0.rawValue] + tables.overall($0).flatMap(Self.cells) }
  }

  private var table2: [[String]] {
    let header = ["class", "features", "map mean", "map deviation", "mrr mean", "mrr deviation"]
    return [header]
      + results.songs.classNames.flatMap { name in
        tables.featureSets.map { [name, $0.rawValue] + tables.ofClass(name, $0).flatMap(Self.cells) }
      }
  }

  private static func cells(_ interval: BootstrapInterval) -> [String] {
    [interval.mean, interval.lower, interval.upper].map { "\($0)" }
  }

  private var intervals: [[String]] {
    [["features", "queries", "map", "map lower", "map upper", "mrr", "mrr lower", "mrr upper"]]
      + comparison.intervals.map {
        [$0.featureSet.rawValue, "\($0.queries)"] + Self.cells($0.map) + Self.cells($0.mrr)
      }
  }

  private var differences: [[String]] {
    [["first", "second", "queries", "map difference", "lower", "upper", "p", "p corrected", "p wilcoxon"]]
      + comparison.differences.map { item in
        [item.first.rawValue, item.second.rawValue, "\(item.queries)"] + Self.cells(item.interval)
          + [item.pValue, item.correctedPValue, item.wilcoxonPValue].map { "\($0)" }
      }
  }

  private var distances: [[String]] {
    let tables = ComparisonTables(results: results, comparison: comparison)
    return [["features", "distance", "map mean", "map deviation", "mrr mean", "mrr deviation"]]
      + self.tables.featureSets.filter(\.hasCoordinates).flatMap { featureSet in
        [
          ("cosine", tables.overall(featureSet, \.measures)), ("euclidean", tables.overall(featureSet, \.euclidean)),
          ("manhattan", tables.overall(featureSet, \.manhattan)),
        ].map { [featureSet.rawValue, $0.0] + $0.1.flatMap(Self.cells) }
      }
  }

  private var artistFilter: [[String]] {
    [["features"] + Self.measures.flatMap { ["\($0) mean", "\($0) deviation"] }]
      + tables.featureSets.map { featureSet in
        [featureSet.rawValue]
          + ResultTables.overall(results.answers(of: featureSet), measures: \.otherArtists).flatMap(Self.cells)
      }
  }

  private var hubs: [[String]] {
    [["features", "repeat", "fold", "skewness", "largest hub", "share that never comes up"]]
      + results.results.compactMap { run in
        run.hubs.map { hubs in
          [run.featureSet.rawValue, "\(run.repetition + 1)", run.fold.map { "\($0 + 1)" } ?? ""]
            + ["\(hubs.skewness)", "\(hubs.largestOccurrence)", "\(hubs.antiHubShare)"]
        }
      }
  }

  private var maps: [[String]] {
    [["features", "path", "class", "x", "y", "seen"]]
      + results.maps.flatMap { map in
        zip(map.songs, map.coordinates).map { song, position in
          let entry = results.songs.songs[song]
          return [map.featureSet.rawValue, entry.path, entry.className, "\(position.x)", "\(position.y)"]
            + [map.featureSet.isFittedToSplit ? (map.unseen.contains(song) ? "no" : "yes") : ""]
        }
      }
  }

  private var runs: [[String]] {
    [["features", "repeat", "fold", "seed"] + Self.measures + ["epochs", "collapse", "failure"]]
      + results.results.map { run in
        [run.featureSet.rawValue, "\(run.repetition + 1)", run.fold.map { "\($0 + 1)" } ?? "", "\(run.randomSeed)"]
          + Self.cells(run.metrics) + ["\(run.history.count)", run.collapse?.rawValue ?? "", run.failure ?? ""]
      }
  }

  private var queries: [[String]] {
    [["features", "repeat", "fold", "path", "class"] + Self.measures + ["nearest"]]
      + results.results.flatMap { run in
        run.answers.map { answer in
          let song = results.songs.songs[answer.song]
          let nearest = answer.neighbours.first.map { results.songs.songs[$0].path } ?? ""
          let columns = [run.featureSet.rawValue, "\(run.repetition + 1)", run.fold.map { "\($0 + 1)" } ?? ""]
          return columns + [song.path, song.className] + Self.cells(answer.measures) + [nearest]
        }
      }
  }

  private var confusion: [[String]] {
    [["features", "class of the query", "class found", "share"]]
      + tables.featureSets.flatMap { featureSet in
        let confusion = ClassConfusion(results, featureSet: featureSet)
        return confusion.classNames.indices.flatMap { row in
          confusion.classNames.indices.compactMap { column in
            confusion.shares[row].map {
              [featureSet.rawValue, confusion.classNames[row], confusion.classNames[column], "\($0[column])"]
            }
          }
        }
      }
  }
}
