import Foundation
import MetricLearning

/// A dataset's songs by what they are used for.
public struct DatasetParts: Sendable, Hashable {
  /// The songs that weights learn from.
  public var training: Manifest
  /// The songs that say when to stop.
  public var validation: Manifest
  /// The songs that a model is judged by.
  public var test: Manifest

  /// Parts that the user made.
  ///
  /// - Throws: `DatasetError` where a song is in two of them: a model must not be judged by what it has learned.
  public init(training: Manifest, validation: Manifest, test: Manifest) throws(DatasetError) {
    self.training = training
    self.validation = validation
    self.test = test
    var places: [String: String] = [:]
    for (name, part) in named {
      for song in part.songs {
        guard let other = places.updateValue(name, forKey: part.filePath(of: song)) else { continue }
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

  /// All songs to learn from, none to stop or to judge by. Songs without a class are left out.
  public init(learningFromAll manifest: Manifest) {
    var (training, none) = (manifest, manifest)
    training.songs.removeAll { $0.className.isEmpty }
    none.songs = []
    self.init(disjoint: training, validation: none, test: none)
  }

  /// Splits a dataset 80/10/10 (paper 2.1), each class by itself. Songs without a class are left out.
  public init(splitting manifest: Manifest, randomSeed: UInt64) throws(StratifiedSplitError) {
    self = DatasetSplitting(randomSeed: randomSeed).parts(of: manifest, shares: try StratifiedSplit())
  }

  /// The parts with the names of their files.
  public var named: [(name: String, part: Manifest)] {
    [("training", training), ("validation", validation), ("test", test)]
  }

  /// Writes `training.csv`, `validation.csv` and `test.csv`: which song went where.
  public func write(to folder: URL) throws(DatasetError) {
    for (name, part) in named {
      try part.moved(to: folder).write(to: folder.appending(path: "\(name).csv"))
    }
  }
}
