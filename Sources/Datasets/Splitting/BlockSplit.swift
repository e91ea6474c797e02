/// Divides songs among parts. Blocks of songs, such as albums, stay whole, and each part gets its share of every class,
/// as nearly as whole blocks allow.
///
/// The cost of a division is Σ over classes and parts of ((songs − share × size) / size)², plus the same for all songs
/// together, plus a fixed amount for each empty part and for each part without a class that has at least as many blocks
/// as there are parts. A class of a single block cannot be divided, so it counts only among all songs.
///
/// Blocks are placed one by one, the largest first, each where the cost stays lowest. Then single blocks are moved and
/// pairs exchanged while that lowers the cost. The best of several such divisions, in different random orders, is
/// taken.
struct BlockSplit {
  /// The share of each part; all together are 1. A part with the share 0 gets nothing.
  let shares: [Double]

  private static let attempts = 8
  /// With more blocks than this, no pairs are exchanged: single blocks are then small enough.
  private static let mostBlocksToExchange = 600

  /// The part of each block.
  ///
  /// - Parameters:
  ///   - labels: the class of each song, 0 or more.
  ///   - blocks: the songs of each block; each song is in one of them.
  func parts(
    labels: [Int], blocks: [[Int]], using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    let contents = blocks.map { block in
      Dictionary(grouping: block) { labels[$0] }.sorted { $0.key < $1.key }.map { ($0.key, $0.value.count) }
    }
    var best: Division?
    for _ in 0..<Self.attempts {
      var division = Division(contents: contents, shares: shares)
      let order = blocks.indices.shuffled(using: &generator).sorted { blocks[$0].count > blocks[$1].count }
      for block in order { division.place(block) }
      division.improve(order: order.reversed(), exchanging: blocks.count <= Self.mostBlocksToExchange)
      if division.cost < best?.cost ?? .infinity { best = division }
    }
    return best?.parts ?? []
  }
}

/// One way to divide blocks among parts.
private struct Division {
  /// The part of each block; −1 before it is placed.
  private(set) var parts: [Int]

  private let contents: [[(label: Int, count: Int)]]
  private let shares: [Double]
  private let used: [Int]
  private let sizes: [Double]
  private let total: Double
  /// Whether each class has enough blocks to be in every part.
  private let canBeEverywhere: [Bool]
  /// Whether each class has enough blocks to be in two parts.
  private let isDivisible: [Bool]
  /// Songs by class × part.
  private var counts: [[Double]]
  private var partCounts: [Double]

  /// More than the cost of any division of a class.
  private static let absence = 4.0

  /// More than what all classes together can cost if a part gets a single block.
  private var emptiness: Double { 100 * Double(sizes.count) }

  init(contents: [[(label: Int, count: Int)]], shares: [Double]) {
    self.contents = contents
    self.shares = shares
    used = shares.indices.filter { shares[$0] > 0 }
    parts = [Int](repeating: -1, count: contents.count)
    let classCount = (contents.joined().map(\.label).max() ?? -1) + 1
    var (sizes, blockCounts) = ([Double](repeating: 0, count: classCount), [Int](repeating: 0, count: classCount))
    for (label, count) in contents.joined() {
      sizes[label] += Double(count)
      blockCounts[label] += 1
    }
    self.sizes = sizes
    total = sizes.reduce(0, +)
    let partCount = used.count
    canBeEverywhere = blockCounts.map { $0 >= partCount }
    isDivisible = blockCounts.map { $0 > 1 }
    counts = [[Double]](repeating: [Double](repeating: 0, count: shares.count), count: classCount)
    partCounts = [Double](repeating: 0, count: shares.count)
  }

  // MARK: - The measure

  var cost: Double {
    let classes = sizes.indices.map { label in used.reduce(0) { $0 + term(label, $1, counts[label][$1]) } }
    return classes.reduce(0, +) + used.reduce(0) { $0 + totalTerm($1, partCounts[$1]) }
  }

  private func term(_ label: Int, _ part: Int, _ count: Double) -> Double {
    guard isDivisible[label] else { return 0 }
    let distance = count / sizes[label] - shares[part]
    return distance * distance + (count == 0 && canBeEverywhere[label] ? Self.absence : 0)
  }

  /// All songs together weigh as much as all classes; otherwise the rounding of each class would add up.
  private func totalTerm(_ part: Int, _ count: Double) -> Double {
    let distance = count / total - shares[part]
    return Double(sizes.count) * distance * distance + (count == 0 ? emptiness : 0)
  }

  /// How the cost changes if a block's songs are added to a part; with the sign −1, if they are taken out.
  private func change(_ block: Int, _ part: Int, sign: Double, absences: Bool = true) -> Double {
    var (change, songs) = (0.0, 0.0)
    for (label, count) in contents[block] {
      let before = counts[label][part]
      let after = before + sign * Double(count)
      change += term(label, part, after) - term(label, part, before)
      if !absences && before == 0 && canBeEverywhere[label] { change += Self.absence }
      songs += sign * Double(count)
    }
    if !absences && partCounts[part] == 0 { change += emptiness }
    return change + totalTerm(part, partCounts[part] + songs) - totalTerm(part, partCounts[part])
  }

  private mutating func add(_ block: Int, to part: Int, sign: Double) {
    for (label, count) in contents[block] {
      counts[label][part] += sign * Double(count)
      partCounts[part] += sign * Double(count)
    }
  }

  // MARK: - Steps

  /// Places a block where it costs least. Absences are left to `improve`; otherwise the largest blocks of each class
  /// would fill the smallest parts.
  mutating func place(_ block: Int) {
    let costs = used.map { change(block, $0, sign: 1, absences: false) }
    let best = used.indices.reduce(0) { costs[$1] < costs[$0] ? $1 : $0 }
    parts[block] = used[best]
    add(block, to: used[best], sign: 1)
  }

  /// Moves and exchanges blocks while that lowers the cost, in a limited number of rounds so that it always ends.
  mutating func improve(order: [Int], exchanging: Bool) {
    for _ in 0..<50 {
      var isBetter = false
      for block in order where move(block) { isBetter = true }
      if exchanging {
        for (index, block) in order.enumerated() {
          for other in order[..<index] where exchange(block, other) { isBetter = true }
        }
      }
      if !isBetter { return }
    }
  }

  private static let noticeable = 1e-9

  private mutating func move(_ block: Int) -> Bool {
    let from = parts[block]
    let gain = change(block, from, sign: -1)
    var best = (part: from, cost: -Self.noticeable)
    for part in used where part != from {
      let cost = gain + change(block, part, sign: 1)
      if cost < best.cost { best = (part, cost) }
    }
    guard best.part != from else { return false }
    put(block, in: best.part)
    return true
  }

  private mutating func exchange(_ one: Int, _ other: Int) -> Bool {
    let (first, second) = (parts[one], parts[other])
    guard first != second else { return false }
    // Both leave before either arrives: they may hold songs of the same class.
    var cost = change(one, first, sign: -1)
    add(one, to: first, sign: -1)
    cost += change(other, second, sign: -1)
    add(other, to: second, sign: -1)
    cost += change(one, second, sign: 1)
    add(one, to: second, sign: 1)
    cost += change(other, first, sign: 1)
    add(other, to: first, sign: 1)
    (parts[one], parts[other]) = (second, first)
    if cost < -Self.noticeable { return true }
    put(one, in: first)
    put(other, in: second)
    return false
  }

  private mutating func put(_ block: Int, in part: Int) {
    add(block, to: parts[block], sign: -1)
    add(block, to: part, sign: 1)
    parts[block] = part
  }
}
