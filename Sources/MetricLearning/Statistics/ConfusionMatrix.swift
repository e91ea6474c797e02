/// Which classes are taken for which: for queries of each class, the classes of what was nearest.
public struct ConfusionMatrix: Sendable, Hashable, Codable {
  /// The names of the classes.
  public let classNames: [String]
  /// For each class the number of its queries.
  public private(set) var queryCounts: [Int]
  /// Row: the query's class; column: the classes of its nearest references, which share 1 a query. Row-major.
  public private(set) var sums: [Double]

  /// A matrix of no query.
  public init(classNames: [String]) {
    self.classNames = classNames
    queryCounts = [Int](repeating: 0, count: classNames.count)
    sums = [Double](repeating: 0, count: classNames.count * classNames.count)
  }

  /// Adds a query: its class and the classes of its nearest references. With one reference this is the prediction of
  /// the nearest neighbour, with k the shares among the first k. A query without references does not count.
  public mutating func add(queryClass: Int, nearestClasses: [Int]) {
    precondition(classNames.indices.contains(queryClass), "class \(queryClass) of \(classNames.count)")
    guard !nearestClasses.isEmpty else { return }
    queryCounts[queryClass] += 1
    for nearest in nearestClasses {
      precondition(classNames.indices.contains(nearest), "class \(nearest) of \(classNames.count)")
      sums[queryClass * classNames.count + nearest] += 1 / Double(nearestClasses.count)
    }
  }

  /// The share of a class among the nearest of another's queries, in 0...1: the columns of a row add up to 1. 0 where
  /// the class has no query.
  public func share(of nearestClass: Int, forQueriesOf queryClass: Int) -> Double {
    let count = queryCounts[queryClass]
    return count == 0 ? 0 : sums[queryClass * classNames.count + nearestClass] / Double(count)
  }

  /// The mean share of the query's own class, over the queries: with one reference each, the accuracy. 0 of no query.
  public var accuracy: Double {
    let count = queryCounts.reduce(0, +)
    let right = classNames.indices.reduce(0) { $0 + sums[$1 * (classNames.count + 1)] }
    return count == 0 ? 0 : right / Double(count)
  }
}
