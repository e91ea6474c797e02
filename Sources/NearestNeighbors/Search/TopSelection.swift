/// Keeps the `capacity` largest of the offered similarities, in memory that does not grow with their number.
///
/// A binary heap with the worst one kept at its root: the smallest similarity, and among equal ones the last row.
struct TopSelection {
  private let capacity: Int
  private var heap: [(similarity: Float, row: Int)] = []

  init(capacity: Int) {
    self.capacity = capacity
    heap.reserveCapacity(capacity)
  }

  /// Whether the similarity of a row, which must follow all rows offered so far, would be kept.
  ///
  /// A similarity equal to the worst one is not kept: the earlier row wins.
  func wouldKeep(_ similarity: Float) -> Bool {
    heap.count < capacity || (capacity > 0 && similarity > heap[0].similarity)
  }

  /// The smallest similarity kept, once the selection is full; nil before. Only larger ones would still be kept.
  var worstOfAll: Float? { heap.count == capacity ? heap.first?.similarity : nil }

  /// Keeps a row for which `wouldKeep` is true. O(log capacity).
  mutating func keep(_ similarity: Float, row: Int) {
    if heap.count < capacity {
      heap.append((similarity, row))
      siftUp(from: heap.count - 1)
    } else {
      heap[0] = (similarity, row)
      siftDown()
    }
  }

  /// The kept rows, the largest similarity first, equal ones in the order of their rows.
  func sorted() -> [(similarity: Float, row: Int)] {
    heap.sorted { Self.isWorse($1, $0) }
  }

  private static func isWorse(_ left: (similarity: Float, row: Int), _ right: (similarity: Float, row: Int)) -> Bool {
    left.similarity != right.similarity ? left.similarity < right.similarity : left.row > right.row
  }

  private mutating func siftUp(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard Self.isWorse(heap[child], heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var worst = 2 * parent + 1
      guard worst < heap.count else { return }
      if worst + 1 < heap.count, Self.isWorse(heap[worst + 1], heap[worst]) { worst += 1 }
      guard Self.isWorse(heap[worst], heap[parent]) else { return }
      heap.swapAt(worst, parent)
      parent = worst
    }
  }
}
