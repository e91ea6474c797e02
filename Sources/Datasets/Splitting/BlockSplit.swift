/// Deals songs out to parts such that blocks of songs, such as albums, stay whole and every class is in every part as
/// near to its share as blocks allow.
///
/// How far a division is off is measured as Σ over classes and parts of ((songs − share × size) / size)², the same for
/// all songs together, and a fixed amount wherever a class of at least as many blocks as parts is absent from a part,
/// or a part is empty. A class of a single block cannot be shared out, so it counts among all songs only.
/// Blocks are placed one by one, the largest first, where that measure stays least; then single blocks are moved and
/// pairs exchanged while that lowers it. The best of several such divisions, in different random orders, is taken.
struct BlockSplit {
  /// The share of each part, together 1; a part with the share 0 gets nothing.
  let shares: [Double]

  private static let attempts = 8
  /// Above this many blocks pairs are not tried: single blocks are then small enough.
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
    return best?.places ?? []
  }
}

/// One way to deal blocks out.
private struct Division {
  private(set) var places: [Int]

  private let contents: [[(label: Int, count: Int)]]
  private let shares: [Double]
  private let used: [Int]
  private let sizes: [Double]
  private let total: Double
  /// The classes that can be in every part.
  private let canBeEverywhere: [Bool]
  /// The classes that can be in two parts.
  private let isDivisible: [Bool]
  /// Songs by class × part.
  private var counts: [[Double]]
  private var partCounts: [Double]

  /// More than any distance that a class's shares can be off.
  private static let absence = 4.0

  /// More than all classes can lose when a part gets its only block.
  private var emptiness: Double { 100 * Double(sizes.count) }

  init(contents: [[(label: Int, count: Int)]], shares: [Double]) {
    self.contents = contents
    self.shares = shares
    used = shares.indices.filter { shares[$0] > 0 }
    places = [Int](repeating: -1, count: contents.count)
    let classCount = (contents.joined().map(\.label).max() ?? -1) + 1
    var (sizes, blockCounts) = ([Double](repeating: 0, count: classCount), [Int](repeating: 0, count: classCount))
    for (label, count) in contents.joined() {
      sizes[label] += Double(count)
      blockCounts[label] += 1
    }
    self.sizes = sizes
    total = sizes.reduce(0, +)
    let parts = used.count
    canBeEverywhere = blockCounts.map { $0 >= parts }
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

  /// All songs together weigh as much as all classes, or each class's rounding would add up.
  private func totalTerm(_ part: Int, _ count: Double) -> Double {
    let distance = count / total - shares[part]
    return Double(sizes.count) * distance * distance + (count == 0 ? emptiness : 0)
  }

  /// What it costs to add a block's songs to a part, or with −1 to take them out.
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

  /// Places a block where it is best; absences are left to `improve`, or each class's largest blocks would fill the
  /// smallest parts.
  mutating func place(_ block: Int) {
    let costs = used.map { change(block, $0, sign: 1, absences: false) }
    let best = used.indices.reduce(0) { costs[$1] < costs[$0] ? $1 : $0 }
    places[block] = used[best]
    add(block, to: used[best], sign: 1)
  }

  /// Moves and exchanges blocks while that lowers the cost, at most so often that it ends in any case.
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
    let from = places[block]
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
    let (first, second) = (places[one], places[other])
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
    (places[one], places[other]) = (second, first)
    if cost < -Self.noticeable { return true }
    put(one, in: first)
    put(other, in: second)
    return false
  }

  private mutating func put(_ block: Int, in part: Int) {
    add(block, to: places[block], sign: -1)
    add(block, to: part, sign: 1)
    places[block] = part
  }
}
