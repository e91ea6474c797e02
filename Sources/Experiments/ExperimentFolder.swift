import AudioFeatures
import Datasets
import Files
import Foundation
import MetricLearning
import SongModels
import Training

/// What an experiment keeps on disk, so that it can be interrupted at any time and its report be made again.
///
/// ```
/// experiment.json            what was asked for, and which songs were left out
/// songs.csv                  the songs; all numbers of songs count its lines from 0
/// vectors/MODEL.npy          the vectors of models that need no training; musly.npy has its distances
/// maps/NAME.npy              where t-SNE puts the songs of a feature set
/// runs/SPLIT/NAME/           a run: run.json, training.csv, …, history.csv, model.safetensors (see `TrainingRun`),
///                            vectors.npy (all songs as the model hears them) and result.json
/// ```
struct ExperimentFolder: Sendable {
  let url: URL

  /// What is equal in all runs. More repeats or feature sets need not be: they add runs to those that are there.
  struct Description: Codable, Hashable {
    var version = 1
    var training: TrainingOptions
    var convergenceEpochs: Int
    var folds: Int?
    var groupingKey: GroupingKey?
    /// The digest of the songs that were given.
    var dataset: String
    var leftOut: [LeftOutSong]

    private enum CodingKeys: String, CodingKey {
      case version, training, convergenceEpochs, folds, dataset, leftOut
      // As experiments of version 0.1 have it, which go on.
      case groupingKey = "bond"
    }
  }

  private static let remedy = "Make room, or choose another folder with --output."

  var descriptionFile: URL { url.appending(path: "experiment.json") }
  private var songsFile: URL { url.appending(path: "songs.csv") }
  private var runsFolder: URL { url.appending(path: "runs", directoryHint: .isDirectory) }
  private var vectorsFolder: URL { url.appending(path: "vectors", directoryHint: .isDirectory) }
  private var mapsFolder: URL { url.appending(path: "maps", directoryHint: .isDirectory) }

  // MARK: - The experiment

  /// Throws away what an experiment left here, and nothing else.
  func clear() throws {
    for file in [descriptionFile, songsFile, runsFolder, vectorsFolder, mapsFolder]
    where FileManager.default.fileExists(atPath: file.path) {
      try FileManager.default.removeItem(at: file)
    }
  }

  /// Finds out before hours of work, and without leaving a trace, whether the folder can be made and written to.
  func checkWritable() throws(FileError) {
    let files = FileManager.default
    var place = url.standardizedFileURL
    while !files.fileExists(atPath: place.path), place.path != "/" { place.deleteLastPathComponent() }
    var isFolder: ObjCBool = false
    _ = files.fileExists(atPath: place.path, isDirectory: &isFolder)
    guard isFolder.boolValue, files.isWritableFile(atPath: place.path) else {
      throw FileError(
        path: place.path, reason: isFolder.boolValue ? "nothing can be written into it" : "it is no folder",
        remedy: "Choose another with --output.")
    }
  }

  /// Copies finished pre-trainings that this folder does not have.
  func adoptPretrainings(of other: ExperimentFolder) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: other.runsFolder.path) else { return }
    for split in try files.contentsOfDirectory(atPath: other.runsFolder.path).sorted() {
      let place = "\(split)/\(ExperimentRun.Kind.pretraining.name)"
      let (source, target) = (other.runsFolder.appending(path: place), runsFolder.appending(path: place))
      guard files.fileExists(atPath: source.appending(path: "model.safetensors").path),
        !files.fileExists(atPath: target.path)
      else { continue }
      try FileError.makeFolder(target.deletingLastPathComponent(), remedy: Self.remedy)
      // Under another name first: what is there under its own is whole.
      let partial = target.appendingPathExtension("partial")
      if files.fileExists(atPath: partial.path) { try files.removeItem(at: partial) }
      try files.copyItem(at: source, to: partial)
      try files.moveItem(at: partial, to: target)
    }
  }

  /// What an earlier start was asked for, and its songs; nil where there was none.
  func stored() throws -> (description: Description, songs: Manifest)? {
    guard FileManager.default.fileExists(atPath: descriptionFile.path) else { return nil }
    let description: Description = try read(descriptionFile)
    return (description, try Manifest(contentsOf: songsFile))
  }

  func write(_ description: Description, songs: Manifest) throws {
    try FileError.makeFolder(url, remedy: "Choose another with --output.")
    try songs.moved(to: url).write(to: songsFile)
    // Last: its presence says that the rest is there.
    try FileError.write(Data(JSON.text(description, pretty: true).utf8), to: descriptionFile, remedy: Self.remedy)
  }

  // MARK: - Runs

  func runFolder(_ split: ExperimentSplit, _ kind: ExperimentRun.Kind) -> URL {
    runsFolder.appending(path: "\(split.name)/\(kind.name)", directoryHint: .isDirectory)
  }

  /// The result of a run; nil where it is not done.
  func result(of featureSet: FeatureSet, in split: ExperimentSplit) throws -> RunResult? {
    let file = resultFile(of: featureSet, in: split)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let result: RunResult = try read(file)
    guard result.version == RunResult.version, result.featureSet == featureSet, result.randomSeed == split.randomSeed
    else {
      throw FileError(
        path: file.path, reason: "it is the result of another run or version",
        remedy: "Delete it, and give the same command again.")
    }
    return result
  }

  func write(_ result: RunResult, in split: ExperimentSplit) throws {
    let file = resultFile(of: result.featureSet, in: split)
    try FileError.makeFolder(file.deletingLastPathComponent(), remedy: Self.remedy)
    try FileError.write(Data(JSON.text(result).utf8), to: file, remedy: Self.remedy)
  }

  private func resultFile(of featureSet: FeatureSet, in split: ExperimentSplit) -> URL {
    runFolder(split, .featureSet(featureSet)).appending(path: "result.json")
  }

  // MARK: - Vectors

  func vectorsFile(of model: EmbeddingModel) -> URL { vectorsFolder.appending(path: "\(model.identifier).npy") }

  /// The distances of musly's method between all songs.
  var distancesFile: URL { vectorsFolder.appending(path: "musly.npy") }

  /// The descriptors of each song's halves.
  var halvesFile: URL { vectorsFolder.appending(path: "\(EmbeddingModel.descriptor.identifier)-halves.npy") }

  /// The vectors that a run made of all songs.
  func vectorsFile(of featureSet: FeatureSet, in split: ExperimentSplit) -> URL {
    runFolder(split, .featureSet(featureSet)).appending(path: "vectors.npy")
  }

  /// The model that the descriptor's run learned.
  func learnedDescriptor(in split: ExperimentSplit) throws -> EmbeddingModel {
    try EmbeddingModel(file: learnedDescriptorFile(in: split).path)
  }

  func write(_ model: DescriptorModel, in split: ExperimentSplit) throws {
    let file = learnedDescriptorFile(in: split)
    try FileError.makeFolder(file.deletingLastPathComponent(), remedy: Self.remedy)
    try FileError.write(model.data, to: file, remedy: Self.remedy)
  }

  private func learnedDescriptorFile(in split: ExperimentSplit) -> URL {
    runFolder(split, .featureSet(.learnedDescriptor)).appending(path: "model.safetensors")
  }

  func mapFile(of featureSet: FeatureSet) -> URL { mapsFolder.appending(path: "\(featureSet.rawValue).npy") }

  /// Stored vectors, row by row; nil if there are none of this shape.
  func vectors(in file: URL, count: Int, dimension: Int) throws -> [Float]? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let array = try NumPyArray(contentsOf: file)
    return array.shape == [count, dimension] && array.values.allSatisfy(\.isFinite) ? array.values : nil
  }

  /// Whether vectors of this shape are stored.
  func hasVectors(in file: URL, count: Int, _ dimension: Int) throws -> Bool {
    try vectors(in: file, count: count, dimension: dimension) != nil
  }

  /// Stored vectors of any dimension; nil where there are none of so many songs.
  func vectors(in file: URL, count: Int) throws -> EmbeddingMatrix? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let array = try NumPyArray(contentsOf: file)
    guard array.shape.count == 2, array.shape[0] == count, array.values.allSatisfy(\.isFinite) else { return nil }
    return EmbeddingMatrix(count: count, dimension: array.shape[1], values: array.values)
  }

  func write(_ vectors: [Float], dimension: Int, to file: URL) throws {
    try FileError.makeFolder(file.deletingLastPathComponent(), remedy: Self.remedy)
    let array = NumPyArray(shape: [vectors.count / dimension, dimension], values: vectors)
    try FileError.write(Data(array.encoded()), to: file, remedy: Self.remedy)
  }

  private func read<Value: Decodable>(_ file: URL) throws -> Value {
    do {
      return try JSON.value(from: String(decoding: try Data(contentsOf: file), as: UTF8.self))
    } catch {
      let reason = error is DecodingError ? "it was changed, or written by another version" : error.systemReason
      throw FileError(
        path: file.path, reason: "it cannot be read: \(reason)",
        remedy: file == descriptionFile
          ? "Choose another folder with --output, or begin again with --restart."
          : "Delete it, and give the same command again.")
    }
  }
}
