import MetricLearning
import Reproducibility
import Testing

@Suite struct StratifiedSplitTests {
  private func labels(ofSizes sizes: [Int]) -> [Int] {
    var generator = SeededGenerator(seed: 9)
    return sizes.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }.shuffled(using: &generator)
  }

  private func sizes(of part: [Int], labels: [Int], classCount: Int) -> [Int] {
    (0..<classCount).map { label in part.filter { labels[$0] == label }.count }
  }

  @Test(arguments: [
    [12, 12, 12], [10, 20, 30], [3, 4, 5, 100], [1, 2, 3], [14, 14, 14, 14, 14, 14, 14, 14], [7], [],
  ])
  func everySongIsInOnePartAndEveryClassInAllParts(sizes: [Int]) throws {
    let labels = labels(ofSizes: sizes)
    var generator = SeededGenerator(seed: 4)
    let split = try StratifiedSplit().split(labels: labels, using: &generator)
    #expect((split.training + split.validation + split.test).sorted() == Array(labels.indices))
    for (part, fraction) in zip([split.training, split.validation, split.test], [0.8, 0.1, 0.1]) {
      #expect(part == part.sorted())
      for (size, count) in zip(sizes, self.sizes(of: part, labels: labels, classCount: sizes.count)) {
        #expect(abs(Double(count) - fraction * Double(size)) < 2)
        #expect(size < 3 || count >= 1)
      }
    }
  }

  @Test func largestRemaindersDecideAndTiesEvenOut() throws {
    let labels = labels(ofSizes: [Int](repeating: 14, count: 8))
    var generator = SeededGenerator(seed: 4)
    let split = try StratifiedSplit().split(labels: labels, using: &generator)
    // 14 songs are 11.2 + 1.4 + 1.4: the odd one goes to validation and test in turns.
    #expect([split.training.count, split.validation.count, split.test.count] == [88, 12, 12])
    #expect(sizes(of: split.training, labels: labels, classCount: 8) == [Int](repeating: 11, count: 8))
  }

  @Test func exactSharesAreExact() throws {
    let labels = labels(ofSizes: [30, 50, 70, 10])
    var generator = SeededGenerator(seed: 4)
    let split = try StratifiedSplit().split(labels: labels, using: &generator)
    #expect(sizes(of: split.training, labels: labels, classCount: 4) == [24, 40, 56, 8])
    #expect(sizes(of: split.validation, labels: labels, classCount: 4) == [3, 5, 7, 1])
  }

  @Test func aFractionOfZeroGetsNothing() throws {
    let labels = labels(ofSizes: [2, 9, 1, 30])
    var generator = SeededGenerator(seed: 4)
    let split = try StratifiedSplit(training: 0.75, validation: 0, test: 0.25).split(labels: labels, using: &generator)
    #expect(split.validation.isEmpty)
    #expect(sizes(of: split.test, labels: labels, classCount: 4)[..<2] == [1, 2])
    let whole = try StratifiedSplit(training: 0, validation: 0, test: 1).split(labels: labels, using: &generator)
    #expect(whole.test == Array(labels.indices))
  }

  @Test(arguments: [(0.8, 0.1, 0.2), (1.1, -0.1, 0), (.nan, 0.5, 0.5), (.infinity, 0, 0), (0, 0, 0)])
  func fractionsMustBeShares(training: Double, validation: Double, test: Double) {
    #expect(throws: StratifiedSplitError.self) {
      try StratifiedSplit(training: training, validation: validation, test: test)
    }
  }

  @Test func splitsFollowTheSeed() throws {
    func split(seed: UInt64) throws -> DatasetSplit {
      var generator = SeededGenerator(seed: seed)
      return try StratifiedSplit().split(labels: labels(ofSizes: [20, 30, 40]), using: &generator)
    }
    #expect(try split(seed: 1) == split(seed: 1))
    #expect(try split(seed: 1) != split(seed: 2))
  }

  @Test(arguments: [[16, 16, 16], [11, 13, 20, 9, 3], [5], []], [3, 8])
  func foldsDifferByAtMostOneSong(sizes: [Int], count: Int) throws {
    let labels = labels(ofSizes: sizes)
    var generator = SeededGenerator(seed: 6)
    let folds = try StratifiedFolds(count: count).folds(labels: labels, using: &generator)
    #expect(folds.count == count)
    #expect(folds.joined().sorted() == Array(labels.indices))
    let counts = folds.map(\.count)
    #expect(counts.max()! - counts.min()! <= 1)
    for label in sizes.indices {
      let counts = folds.map { fold in fold.filter { labels[$0] == label }.count }
      #expect(counts.max()! - counts.min()! <= 1)
    }
  }

  @Test func everyFoldTestsOnceAndValidatesOnce() throws {
    let labels = labels(ofSizes: [16, 17, 9])
    var generator = SeededGenerator(seed: 6)
    let splits = try StratifiedFolds().splits(labels: labels, using: &generator)
    #expect(splits.count == 8)
    #expect(splits.flatMap(\.test).sorted() == Array(labels.indices))
    #expect(splits.flatMap(\.validation).sorted() == Array(labels.indices))
    for split in splits {
      #expect((split.training + split.validation + split.test).sorted() == Array(labels.indices))
    }
  }

  @Test(arguments: [-1, 0, 1, 2])
  func fewerThanThreeFoldsAreNone(count: Int) {
    #expect(throws: StratifiedSplitError.tooFewFolds(count)) { try StratifiedFolds(count: count) }
  }
}
