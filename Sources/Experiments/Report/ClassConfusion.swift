import Datasets
import Figures

/// Which classes are taken for which others: the classes of the five nearest songs to each query.
struct ClassConfusion {
  /// The classes, in the order of the shares' rows and columns.
  let classNames: [String]
  /// `shares[asked][found]`: of the neighbours of the queries of the class `asked`, the share that belongs to `found`;
  /// a row is nil if its class has no queries.
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

  /// The matrix in percent; the columns have the numbers of the rows.
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
      caption: "\(featureSet.title): of the \(Self.neighbourCount) nearest songs to each query of a class, "
        + "the % that belong to each class (the columns have the rows' numbers).",
      header: ["Class"] + classNames.indices.map { "\($0 + 1)" }, rows: rows)
  }
}
