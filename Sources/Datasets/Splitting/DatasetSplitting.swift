import Foundation
import MetricLearning
import Reproducibility

/// How a dataset is split: the one way for `akin dataset split`, `akin train` and experiments.
public struct DatasetSplitting: Sendable, Hashable {
  /// Songs that are never torn apart.
  public enum Bond: String, CaseIterable, Sendable, Codable {
    /// Songs of the same album: the same title, and the same artist or, as in compilations, the same folder.
    case album
    /// Songs by the same artist.
    case artist

    /// A number for each song, the same for songs that belong together; nil where a song has no such label.
    func numbers(of songs: [(song: Manifest.Song, path: String)]) -> [Int?] {
      guard self == .artist else { return AlbumNumbers(songs).numbers }
      var numbers: [String: Int] = [:]
      return songs.map { song, _ in
        let name = Manifest.comparable(song.artist)
        guard !name.isEmpty else { return nil }
        let next = numbers.count
        numbers[name, default: next] += 0
        return numbers[name]
      }
    }
  }

  /// Songs that stay together; nil to draw each by itself.
  public let bond: Bond?
  /// What is drawn follows from it.
  public let randomSeed: UInt64

  /// A way to split.
  public init(bond: Bond? = nil, randomSeed: UInt64) {
    self.bond = bond
    self.randomSeed = randomSeed
  }

  /// Splits each class by itself. Songs without a class are left out.
  public func parts(of manifest: Manifest, shares: StratifiedSplit) -> DatasetParts {
    var generator = SeededGenerator(seed: randomSeed)
    let (songs, labels) = labelled(manifest)
    guard let bond else {
      let split = shares.split(labels: labels, using: &generator)
      return DatasetParts(
        manifest, training: split.training.map { songs[$0] }, validation: split.validation.map { songs[$0] },
        test: split.test.map { songs[$0] })
    }
    let parts = deal(manifest, songs, labels, bond, shares.fractions, using: &generator)
    return DatasetParts(manifest, training: parts[0], validation: parts[1], test: parts[2])
  }

  /// Folds of a cross-validation (paper 2.6), each class by itself. Songs without a class are left out.
  public func folds(of manifest: Manifest, folds: StratifiedFolds) -> [Manifest] {
    var generator = SeededGenerator(seed: randomSeed)
    let (songs, labels) = labelled(manifest)
    let parts: [[Int]]
    if let bond {
      let shares = [Double](repeating: 1 / Double(folds.count), count: folds.count)
      parts = deal(manifest, songs, labels, bond, shares, using: &generator)
    } else {
      parts = folds.folds(labels: labels, using: &generator).map { $0.map { songs[$0] } }
    }
    return parts.map { manifest.selecting($0.sorted()) }
  }

  /// The songs that have a class, and the numbers of these classes.
  private func labelled(_ manifest: Manifest) -> (songs: [Int], labels: [Int]) {
    let names = manifest.classNames
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    let songs = manifest.songs.indices.filter { !manifest.songs[$0].className.isEmpty }
    return (songs, songs.map { numbers[manifest.songs[$0].className] ?? 0 })
  }

  private func deal(
    _ manifest: Manifest, _ songs: [Int], _ labels: [Int], _ bond: Bond, _ shares: [Double],
    using generator: inout SeededGenerator
  ) -> [[Int]] {
    var blocks: [[Int]] = []
    var places: [Int: Int] = [:]
    let numbers = bond.numbers(of: songs.map { (manifest.songs[$0], manifest.filePath(of: manifest.songs[$0])) })
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
