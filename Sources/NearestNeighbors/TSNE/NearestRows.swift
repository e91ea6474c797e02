import Reproducibility

/// The nearest other rows of each row, with their squared distances.
package struct NearestRows {
  let count: Int
  /// The number of neighbours of each row.
  let neighborCount: Int
  /// `count` × `neighborCount` rows, each row's in ascending order.
  package var rows: [Int32]
  /// Their squared distances.
  package var squaredDistances: [Float]

  init(count: Int, neighborCount: Int) {
    self.count = count
    self.neighborCount = neighborCount
    rows = [Int32](repeating: 0, count: count * neighborCount)
    squaredDistances = [Float](repeating: 0, count: count * neighborCount)
  }

  /// Finds them in a matrix of `count` × `count` distances.
  init(distances: [Float], count: Int, neighborCount: Int, threads: Int) {
    self.init(count: count, neighborCount: neighborCount)
    fill(threads: threads) { range, emit in
      for row in range {
        var nearest = LargestScores(capacity: neighborCount, of: row, among: count)
        for other in 0..<count where other != row { nearest.offer(-distances[row * count + other], row: other) }
        emit(row, nearest) { other in distances[row * count + other] * distances[row * count + other] }
      }
    }
  }

  typealias Emit = (_ row: Int, LargestScores, _ squaredDistance: (Int) -> Float) -> Void

  /// Calls `find` for ranges of rows on several threads, to emit each row's neighbours.
  mutating func fill(threads: Int, rangeSize: Int = 32, _ find: (Range<Int>, Emit) -> Void) {
    let neighborCount = neighborCount
    rows.withUnsafeMutableBufferPointer { rows in
      squaredDistances.withUnsafeMutableBufferPointer { squares in
        Parallel.forEachRange(of: count, size: rangeSize, threads: threads) { range in
          find(range) { row, nearest, squaredDistance in
            for (rank, other) in nearest.rows.sorted().enumerated() {
              rows[row * neighborCount + rank] = Int32(other)
              squares[row * neighborCount + rank] = squaredDistance(other)
            }
          }
        }
      }
    }
  }
}

/// The rows with the largest of the offered scores. Of equal scores, those of the rows that follow `own` are kept, with
/// the first row after the last: so even copies of a vector have different neighbours, and different coordinates in a
/// map.
struct LargestScores {
  private let capacity: Int
  private let own: Int
  private let count: Int
  private var heap: [(score: Float, rank: Int)] = []

  /// The selection for the row `own` of `count`.
  init(capacity: Int, of own: Int, among count: Int) {
    self.capacity = capacity
    self.own = own
    self.count = count
    heap.reserveCapacity(capacity)
  }

  var rows: [Int] { heap.map { ($0.rank + own) % count } }

  /// Smaller scores are not kept.
  var threshold: Float {
    if heap.count < capacity { return -.infinity }
    return heap.first?.score ?? .infinity
  }

  /// Keeps the score of another row if it is large enough. O(log capacity).
  mutating func offer(_ score: Float, row: Int) {
    let rank = row > own ? row - own : row - own + count
    if heap.count < capacity {
      heap.append((score, rank))
      siftUp()
    } else if let worst = heap.first, score > worst.score || (score == worst.score && rank < worst.rank) {
      heap[0] = (score, rank)
      siftDown()
    }
  }

  private func isWorse(_ left: Int, _ right: Int) -> Bool {
    let (left, right) = (heap[left], heap[right])
    return left.score != right.score ? left.score < right.score : left.rank > right.rank
  }

  private mutating func siftUp() {
    var child = heap.count - 1
    while child > 0, isWorse(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var worst = 2 * parent + 1
      guard worst < heap.count else { return }
      if worst + 1 < heap.count, isWorse(worst + 1, worst) { worst += 1 }
      guard isWorse(worst, parent) else { return }
      heap.swapAt(worst, parent)
      parent = worst
    }
  }
}
