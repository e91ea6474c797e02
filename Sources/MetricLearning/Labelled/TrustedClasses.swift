/// The classes of labelled vectors that say something of vectors by other makers, and how far each can be trusted.
struct TrustedClasses {
  /// How far each class can be trusted that has enough vectors and makers, by its number.
  let trust: [Int: Double]
  /// How much each class that is used counts.
  let weights: [Double]
  /// The vectors that are of a class that is used, row by row.
  let rows: [Float]
  /// For each class that is used, a value for each row: larger if it is of the class, and of a size that does not depend
  /// on how frequent the class is.
  let targets: [[Double]]

  /// How many neighbours are asked.
  private static let neighbours = 10

  init(_ labelled: LabelledVectors) {
    let candidates = Self.candidates(labelled)
    let known = labelled.classes.indices.filter { row in labelled.classes[row].contains { candidates[$0] != nil } }
    let selected = labelled.selecting(known)
    let shares = Self.sharesOfNeighbours(selected, classes: Set(candidates.keys))
    var trust: [Int: Double] = [:]
    for (number, evenness) in candidates {
      let count = Double(selected.classes.count { $0.contains(number) })
      let expected = count / Double(max(1, known.count))
      let share = shares[number] ?? 0
      // Neighbours of a song depend on each other: they are worth three that are drawn.
      let chance = (expected * (1 - expected) / (3 * count)).squareRoot()
      guard expected < 1, share > expected + 2 * chance else {
        trust[number] = 0
        continue
      }
      trust[number] = evenness * (share - expected) / (1 - expected)
    }
    self.trust = trust
    let used = trust.filter { $0.value > 0 }.keys.sorted()
    let isUsed = Set(used)
    let kept = selected.classes.indices.filter { !isUsed.isDisjoint(with: selected.classes[$0]) }
    weights = used.map { (trust[$0] ?? 0).squareRoot() }
    rows = kept.flatMap { selected.vectors[$0] }
    targets = used.map { number in
      let members = kept.map { selected.classes[$0].contains(number) ? 1.0 : 0 }
      let share = members.reduce(0, +) / Double(max(1, kept.count))
      return members.map { ($0 - share) / share.squareRoot() }
    }
  }

  /// The classes with enough vectors and makers, and how evenly their vectors are spread over makers: 1 minus the chance
  /// that two of them have one maker.
  private static func candidates(_ labelled: LabelledVectors) -> [Int: Double] {
    var makers: [Int: [Int: Int]] = [:]
    for (row, classes) in labelled.classes.enumerated() {
      guard let maker = labelled.makers[row] else { continue }
      for number in Set(classes) { makers[number, default: [:]][maker, default: 0] += 1 }
    }
    return makers.compactMapValues { counts in
      let total = counts.values.reduce(0, +)
      guard total >= LabelledDirections.fewestVectors, counts.count >= LabelledDirections.fewestMakers else {
        return nil
      }
      let squares = counts.values.map { Double($0) / Double(total) }.map { $0 * $0 }.sorted().reduce(0, +)
      return 1 - squares
    }
  }

  /// The share of each class among the nearest vectors by other makers, of its vectors.
  private static func sharesOfNeighbours(_ labelled: LabelledVectors, classes: Set<Int>) -> [Int: Double] {
    let (count, dimension) = (labelled.vectors.count, labelled.vectors.dimension)
    var unit: [Float] = []
    let mean = Scatter.mean(of: (0..<count).map { Array(labelled.vectors[$0]) })
    for row in 0..<count {
      let centred = zip(labelled.vectors[row], mean).map { $0 - Float($1) }
      let length = centred.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      unit += centred.map { length > 0 ? $0 / Float(length) : 0 }
    }
    var (sums, counts): ([Int: Double], [Int: Int]) = ([:], [:])
    let block = 256
    for start in stride(from: 0, to: count, by: block) {
      let height = min(block, count - start)
      let products = MatrixValues.product(
        Array(unit[start * dimension..<(start + height) * dimension]), (height, dimension), unit, (count, dimension),
        transposesLeft: false, transposesRight: true)
      for offset in 0..<height {
        let row = start + offset
        let own = Set(labelled.classes[row]).intersection(classes)
        let near = nearest(to: row, products[offset * count..<(offset + 1) * count], labelled.makers)
        guard !near.isEmpty else { continue }
        for number in own {
          let found = near.count { labelled.classes[$0].contains(number) }
          sums[number, default: 0] += Double(found) / Double(near.count)
          counts[number, default: 0] += 1
        }
      }
    }
    return sums.reduce(into: [:]) { $0[$1.key] = $1.value / Double(counts[$1.key] ?? 1) }
  }

  private static func nearest(to row: Int, _ products: ArraySlice<Float>, _ makers: [Int?]) -> [Int] {
    var best: [(product: Float, row: Int)] = []
    for (other, product) in products.enumerated() where other != row {
      if let maker = makers[row], makers[other] == maker { continue }
      if best.count == neighbours, let last = best.last, product <= last.product { continue }
      let place = best.firstIndex { $0.product < product } ?? best.count
      best.insert((product, other), at: place)
      if best.count > neighbours { best.removeLast() }
    }
    return best.map(\.row)
  }
}
