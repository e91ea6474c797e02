import Datasets
import Figures

/// Which classes are taken for which: the classes of the nearest five songs of each query.
struct ClassConfusion {
  /// The classes, in the order of the shares' rows and columns.
  let classNames: [String]
  /// `shares[asked][found]`: of the neighbours of the queries of one class, the share that belongs to another; a row
  /// without queries is nil.
  let shares: [[Double]?]

  static let neighbourCount = 5

  init(_ results: ExperimentResults, featureSet: FeatureSet) {
    let numbers = SongLabels(results.songs.songs)
    classNames = numbers.classNames
    let labels = results.songs.songs.map(numbers.classIndex)
    var counts = [[Double]](repeating: [Double](repeating: 0, count: classNames.count), count: classNames.count)
    for answer in results.results(of: featureSet).flatMap(\.answers) {
      guard let asked = labels[answer.song] else { continue }
      for neighbour in answer.neighbours.prefix(Self.neighbourCount) {
        if let found = labels[neighbour] { counts[asked][found] += 1 }
      }
    }
    shares = counts.map { row in
      let total = row.reduce(0, +)
      return total > 0 ? row.map { $0 / total } : nil
    }
  }

  /// The matrix in percent; columns carry the numbers of the rows.
  func table(_ featureSet: FeatureSet) -> ReportTable {
    let rows = classNames.indices.map { row in
      [ReportTable.Cell("\(row + 1) \(classNames[row])")]
        + classNames.indices.map { column -> ReportTable.Cell in
          guard let share = shares[row]?[column] else { return .init("–") }
          return .init(ReportNumber.text(100 * share, decimals: 0), shade: share)
        }
    }
    return ReportTable(
      name: "confusion-\(featureSet.rawValue)",
      caption: "\(featureSet.title): of the \(Self.neighbourCount) nearest songs of a class's queries, "
        + "% that belong to each class (the columns carry the rows' numbers).",
      header: ["Class"] + classNames.indices.map { "\($0 + 1)" }, rows: rows)
  }
}
