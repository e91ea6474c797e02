/// A way from one song to another in small steps.
///
/// Among the ways of a given number of songs it is the one with the smallest
///
///     Σ (1 - s)²,   s the similarity of two songs that follow each other,
///
/// on which every song lies nearer to the end, and further from the start, than the one before. A large step costs more
/// than two small ones, so that steps are even; and since it only goes forward, no song comes twice. Found by dynamic
/// programming in O(length × songs²).
package struct SongPath {
  /// The similarities of all songs to each other. The first song is the start, the last one the end.
  private let similarities: [[Float]]
  /// The songs between, in the order in which a path may visit them.
  private let order: [Int]

  /// - Parameter similarities: A symmetric matrix for the start, the songs that may lie between, and the end.
  package init(similarities: [[Float]]) {
    precondition(similarities.count >= 2, "a path needs a start and an end")
    self.similarities = similarities
    let end = similarities.count - 1
    let progress = (0...end).map { similarities[end][$0] - similarities[0][$0] }
    // What lies before the start or behind the end would be a detour.
    order = (1..<end).filter { progress[$0] > progress[0] && progress[$0] < progress[end] }
      .sorted { progress[$0] != progress[$1] ? progress[$0] < progress[$1] : $0 < $1 }
  }

  /// How alike the start and the end are.
  package var direct: Float { similarities[0][similarities.count - 1] }

  /// The best path of each length from 2 up to `length` songs: their places in the matrix, the start and the end
  /// among them.
  ///
  /// - Parameter isLeftOut: Songs that may not be on it.
  package func paths(upTo length: Int, leavingOut isLeftOut: Set<Int> = []) -> [[Int]] {
    let end = similarities.count - 1
    let stops = order.filter { !isLeftOut.contains($0) }
    let most = min(max(2, length), stops.count + 2)
    var paths = [[0, end]]
    guard most > 2 else { return paths }
    // costs[j]: of the best way of some number of steps from the start to stop j; cameFrom[steps][j]: the stop before.
    var costs = stops.map { Self.cost(similarities[0][$0]) }
    var cameFrom = [[Int](repeating: -1, count: stops.count)]
    for steps in 1...(most - 2) {
      if steps > 1 {
        var (next, from) = (
          [Double](repeating: .infinity, count: stops.count), [Int](repeating: -1, count: stops.count)
        )
        for j in stops.indices {
          let similarities = similarities[stops[j]]
          for i in 0..<j where costs[i] < .infinity {
            let cost = costs[i] + Self.cost(similarities[stops[i]])
            if cost < next[j] { (next[j], from[j]) = (cost, i) }
          }
        }
        (costs, cameFrom) = (next, cameFrom + [from])
      }
      let last = stops.indices.min {
        costs[$0] + Self.cost(similarities[end][stops[$0]]) < costs[$1] + Self.cost(similarities[end][stops[$1]])
      }
      guard var stop = last, costs[stop] < .infinity else { break }
      var path = [end]
      for step in cameFrom.indices.reversed() {
        path.append(stops[stop])
        stop = cameFrom[step][stop]
      }
      paths.append(Array((path + [0]).reversed()))
    }
    return paths
  }

  private static func cost(_ similarity: Float) -> Double {
    let distance = Double(1 - similarity)
    return distance * distance
  }
}
