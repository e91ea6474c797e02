/// The nearest others of each row, with their squared distances.
package struct NearestRows {
  let count: Int
  /// How many each row has.
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

  /// Picks them from a matrix of `count` × `count` distances.
  init(distances: [Float], count: Int, neighborCount: Int, team: ThreadTeam) {
    self.init(count: count, neighborCount: neighborCount)
    fill(team: team) { range, emit in
      for row in range {
        var nearest = LargestScores(capacity: neighborCount)
        for other in 0..<count where other != row { nearest.offer(-distances[row * count + other], row: other) }
        emit(row, nearest) { other in distances[row * count + other] * distances[row * count + other] }
      }
    }
  }

  typealias Emit = (_ row: Int, LargestScores, _ squaredDistance: (Int) -> Float) -> Void

  /// Lets `find` hand over each row's neighbours, for ranges of rows on several threads.
  mutating func fill(team: ThreadTeam, rangeSize: Int = 32, _ find: (Range<Int>, Emit) -> Void) {
    let neighborCount = neighborCount
    rows.withUnsafeMutableBufferPointer { rows in
      squaredDistances.withUnsafeMutableBufferPointer { squares in
        team.forEachRange(of: count, size: rangeSize) { range in
          find(range) { row, nearest, squaredDistance in
            for (place, other) in nearest.rows.sorted().enumerated() {
              rows[row * neighborCount + place] = Int32(other)
              squares[row * neighborCount + place] = squaredDistance(other)
            }
          }
        }
      }
    }
  }
}

/// The rows with the largest scores of those offered; of equal ones those offered first.
struct LargestScores {
  private let capacity: Int
  private var heap: [(score: Float, row: Int)] = []

  init(capacity: Int) {
    self.capacity = capacity
    heap.reserveCapacity(capacity)
  }

  var rows: [Int] { heap.map(\.row) }

  /// What a score must exceed to be kept.
  var threshold: Float {
    if heap.count < capacity { return -.infinity }
    return heap.first?.score ?? .infinity
  }

  /// Takes in the score of a row that follows all rows offered so far. O(log capacity).
  mutating func offer(_ score: Float, row: Int) {
    if heap.count < capacity {
      heap.append((score, row))
      siftUp()
    } else if score > threshold {
      heap[0] = (score, row)
      siftDown()
    }
  }

  private func isWorse(_ left: Int, _ right: Int) -> Bool {
    let (left, right) = (heap[left], heap[right])
    return left.score != right.score ? left.score < right.score : left.row > right.row
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
