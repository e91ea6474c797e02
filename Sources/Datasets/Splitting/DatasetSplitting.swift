import Foundation
import MetricLearning
import Reproducibility

/// How a dataset is split: the one way for `akin dataset split`, `akin train` and experiments.
public struct DatasetSplitting: Sendable, Hashable {
  /// Songs that stay together; nil to draw each by itself.
  public let groupingKey: GroupingKey?
  /// What is drawn follows from it.
  public let randomSeed: UInt64

  /// A way to split.
  public init(groupingKey: GroupingKey? = nil, randomSeed: UInt64) {
    self.groupingKey = groupingKey
    self.randomSeed = randomSeed
  }

  /// Splits each class by itself. Songs without a class are left out.
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

  /// Folds of a cross-validation (paper 2.6), each class by itself. Songs without a class are left out.
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

  /// The songs that have a class, and the numbers of these classes.
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
    var places: [Int: Int] = [:]
    let numbers = groupingKey.numbers(of: songs.map { (manifest.songs[$0], manifest.filePath(of: manifest.songs[$0])) })
    for (index, number) in numbers.enumerated() {
      if let number, let place = places[number] {
        blocks[place].append(index)
      } else {
        if let number { places[number] = blocks.count }
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
  /// One run of a cross-validation: it tests on one fold, validates on the following one and trains on all others.
  public init(folds: [Manifest], test: Int) {
    precondition(folds.count >= 3 && folds.indices.contains(test), "fold \(test) of \(folds.count)")
    let validation = (test + 1) % folds.count
    var training = folds[test]
    training.songs = folds.indices.filter { $0 != test && $0 != validation }.flatMap { folds[$0].songs }
    self.init(disjoint: training, validation: folds[validation], test: folds[test])
  }
}
