import AudioFiles
import Foundation
import MetricLearning

/// A dataset's songs, in parts to train with, to validate with and to test with.
public struct DatasetParts: Sendable, Hashable {
  /// The songs that a model learns from.
  public var training: Manifest
  /// The songs that decide when a training stops.
  public var validation: Manifest
  /// The songs that a model is judged by.
  public var test: Manifest

  /// Parts that the user made.
  ///
  /// - Throws: `DatasetError` if a song is in two of them: a model must not be judged by songs that it has learned
  ///   from.
  public init(training: Manifest, validation: Manifest, test: Manifest) throws(DatasetError) {
    self.training = training
    self.validation = validation
    self.test = test
    var partOfFile: [ExactPath: String] = [:]
    for (name, part) in named {
      for song in part.songs {
        guard let other = partOfFile.updateValue(name, forKey: ExactPath(part.filePath(of: song))) else { continue }
        throw DatasetError(
          path: part.filePath(of: song), reason: "it is in the \(other) and in the \(name) manifest",
          remedy: "Delete its line from one of them.")
      }
    }
  }

  /// Parts of one manifest that have no song in common.
  init(disjoint training: Manifest, validation: Manifest, test: Manifest) {
    (self.training, self.validation, self.test) = (training, validation, test)
  }

  /// All songs to learn from, and none to stop or to judge by. Songs without a class are left out.
  public init(learningFromAll manifest: Manifest) {
    var (training, none) = (manifest, manifest)
    training.songs.removeAll { $0.className.isEmpty }
    none.songs = []
    self.init(disjoint: training, validation: none, test: none)
  }

  /// Splits each class of a dataset 80/10/10 (paper 2.1). Songs without a class are left out.
  public init(splitting manifest: Manifest, randomSeed: UInt64) throws(StratifiedSplitError) {
    self = DatasetSplitting(randomSeed: randomSeed).parts(of: manifest, shares: try StratifiedSplit())
  }

  /// The parts with the names of their files.
  public var named: [(name: String, part: Manifest)] {
    [("training", training), ("validation", validation), ("test", test)]
  }

  /// The songs of all parts as one manifest.
  package var all: Manifest { Manifest(joining: named.map(\.part)) }

  /// Writes the parts as `training.csv`, `validation.csv` and `test.csv`.
  public func write(to folder: URL) throws(DatasetError) {
    for (name, part) in named {
      try part.moved(to: folder).write(to: folder.appending(path: "\(name).csv"))
    }
  }
}
