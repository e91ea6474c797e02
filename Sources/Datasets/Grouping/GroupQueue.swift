/// Candidate groups, the largest first: a binary heap. Entries may be out of date, so the caller must check each.
struct GroupQueue {
  /// A group with the number of songs that it had when it was inserted.
  struct Entry {
    var count: Int
    /// Decides between groups of equal size: the lower rank comes first.
    var rank: Int
    var group: Int

    fileprivate func precedes(_ other: Entry) -> Bool {
      (other.count, rank, group) < (count, other.rank, other.group)
    }
  }

  private var entries: [Entry] = []

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var index = entries.count - 1
    while index > 0, entries[index].precedes(entries[(index - 1) / 2]) {
      entries.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Removes and returns the first entry.
  mutating func next() -> Entry? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    guard !entries.isEmpty else { return first }
    entries[0] = last
    var index = 0
    while true {
      let children = (2 * index + 1..<2 * index + 3).clamped(to: 0..<entries.count)
      guard let child = children.min(by: { entries[$0].precedes(entries[$1]) }),
        entries[child].precedes(entries[index])
      else { return first }
      entries.swapAt(index, child)
      index = child
    }
  }
}
