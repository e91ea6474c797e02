import Foundation
import MetricLearning
import Reproducibility

/// Splits a dataset: the one way for `akin dataset split`, `akin train` and experiments.
public struct DatasetSplitting: Sendable, Hashable {
  /// The label whose songs stay together; nil to draw each song by itself.
  public let groupingKey: GroupingKey?
  /// The seed of what is drawn.
  public let randomSeed: UInt64

  /// A splitting by a seed.
  public init(groupingKey: GroupingKey? = nil, randomSeed: UInt64) {
    self.groupingKey = groupingKey
    self.randomSeed = randomSeed
  }

  /// Splits each class in these shares. Songs without a class are left out.
  public func parts(of manifest: Manifest, shares: StratifiedSplit) -> DatasetParts {
    var generator = SeededGenerator(seed: randomSeed)
    let (songs, labels) = labelled(manifest)
    guard let groupingKey else {
      let split = shares.split(labels: labels, using: &generator)
      return DatasetParts(
        manifest, training: split.training.map { songs[$0] }, validation: split.validation.map { songs[$0] },
        test: split.test.map { songs[$0] })
    }
    let parts = deal(manifest, songs, labels, groupingKey, shares.fractions, using: &generator)
    return DatasetParts(manifest, training: parts[0], validation: parts[1], test: parts[2])
  }

  /// Splits each class into folds of equal size for a cross-validation (paper 2.6). Songs without a class are left out.
  public func folds(of manifest: Manifest, folds: StratifiedFolds) -> [Manifest] {
    var generator = SeededGenerator(seed: randomSeed)
    let (songs, labels) = labelled(manifest)
    let parts: [[Int]]
    if let groupingKey {
      let shares = [Double](repeating: 1 / Double(folds.count), count: folds.count)
      parts = deal(manifest, songs, labels, groupingKey, shares, using: &generator)
    } else {
      parts = folds.folds(labels: labels, using: &generator).map { $0.map { songs[$0] } }
    }
    return parts.map { manifest.selecting($0.sorted()) }
  }

  /// The songs that have a class, and the number of each one's class.
  private func labelled(_ manifest: Manifest) -> (songs: [Int], labels: [Int]) {
    let labels = SongLabels(manifest.songs)
    let found = manifest.songs.enumerated().compactMap { index, song in
      labels.classIndex(of: song).map { (index, $0) }
    }
    return (found.map(\.0), found.map(\.1))
  }

  private func deal(
    _ manifest: Manifest, _ songs: [Int], _ labels: [Int], _ groupingKey: GroupingKey, _ shares: [Double],
    using generator: inout SeededGenerator
  ) -> [[Int]] {
    var blocks: [[Int]] = []
    var blockOfNumber: [Int: Int] = [:]
    let numbers = groupingKey.numbers(of: songs.map { (manifest.songs[$0], manifest.filePath(of: manifest.songs[$0])) })
    for (index, number) in numbers.enumerated() {
      if let number, let block = blockOfNumber[number] {
        blocks[block].append(index)
      } else {
        if let number { blockOfNumber[number] = blocks.count }
        blocks.append([index])
      }
    }
    var parts = [[Int]](repeating: [], count: shares.count)
    let chosen = BlockSplit(shares: shares).parts(labels: labels, blocks: blocks, using: &generator)
    for (block, part) in zip(blocks, chosen) { parts[part] += block.map { songs[$0] } }
    return parts
  }
}

extension DatasetParts {
  fileprivate init(_ manifest: Manifest, training: [Int], validation: [Int], test: [Int]) {
    func part(_ indices: [Int]) -> Manifest { manifest.selecting(indices.sorted()) }
    self.init(disjoint: part(training), validation: part(validation), test: part(test))
  }
}

extension DatasetParts {
  /// The parts of one run of a cross-validation, which tests on one fold, validates on the next and trains on the
  /// others.
  public init(folds: [Manifest], test: Int) {
    precondition(folds.count >= 3 && folds.indices.contains(test), "fold \(test) of \(folds.count)")
    let validation = (test + 1) % folds.count
    var training = folds[test]
    training.songs = folds.indices.filter { $0 != test && $0 != validation }.flatMap { folds[$0].songs }
    self.init(disjoint: training, validation: folds[validation], test: folds[test])
  }
}
