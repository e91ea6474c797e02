import Foundation
import MetricLearning
import NeuralNetwork

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

  private var named: [(name: String, part: Manifest)] {
    [("training", training), ("validation", validation), ("test", test)]
  }

  /// Splits a dataset 80/10/10 (paper 2.1), each class by itself. Songs without a class are left out.
  public init(splitting manifest: Manifest, randomSeed: UInt64) throws(StratifiedSplitError) {
    let names = manifest.classNames
    let labelled = manifest.songs.indices.filter { !manifest.songs[$0].className.isEmpty }
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    let labels = labelled.map { numbers[manifest.songs[$0].className] ?? 0 }
    var generator = SeededGenerator(seed: randomSeed)
    let split = try StratifiedSplit().split(labels: labels, using: &generator)
    func part(_ indices: [Int]) -> Manifest { manifest.selecting(indices.map { labelled[$0] }.sorted()) }
    training = part(split.training)
    validation = part(split.validation)
    test = part(split.test)
  }

  /// Writes `training.csv`, `validation.csv` and `test.csv` with absolute paths: which song went where.
  func write(to folder: URL) throws(DatasetError) {
    for (name, part) in named {
      var absolute = part
      for index in absolute.songs.indices { absolute.songs[index].path = part.filePath(of: part.songs[index]) }
      try absolute.write(to: folder.appending(path: "\(name).csv"))
    }
  }
}
