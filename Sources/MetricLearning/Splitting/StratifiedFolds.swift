/// Cross-validation over folds in which every class is represented as evenly as possible (paper 2.6: eight folds).
public struct StratifiedFolds: Sendable, Hashable {
  /// The number of folds, and of runs.
  public let count: Int

  /// Creates a division into folds.
  ///
  /// - Throws: `StratifiedSplitError.tooFewFolds` if `count` is below 3.
  public init(count: Int = 8) throws(StratifiedSplitError) {
    guard count >= 3 else { throw .tooFewFolds(count) }
    self.count = count
  }

  /// Deals the songs out to `count` folds of ascending indices, at random.
  ///
  /// `labels` holds the class of each song; any numbers. The folds differ by at most one song, in total and in each
  /// class; with fewer songs than folds some are empty.
  public func folds(labels: [Int], using generator: inout some RandomNumberGenerator) -> [[Int]] {
    var folds = [[Int]](repeating: [], count: count)
    // Each class continues at the fold after the last one, or the first folds would get all the surplus songs.
    var next = 0
    for songs in LabelGroups(labels).songs {
      for song in songs.shuffled(using: &generator) {
        folds[next].append(song)
        next = (next + 1) % count
      }
    }
    return folds.map { $0.sorted() }
  }

  /// One split for each fold: the fold is for test, the next one for validation, all others for training.
  public func splits(labels: [Int], using generator: inout some RandomNumberGenerator) -> [DatasetSplit] {
    let folds = folds(labels: labels, using: &generator)
    return folds.indices.map { test in
      let validation = (test + 1) % count
      let training = folds.indices.filter { $0 != test && $0 != validation }.flatMap { folds[$0] }
      return DatasetSplit(training: training, validation: folds[validation], test: folds[test])
    }
  }
}
