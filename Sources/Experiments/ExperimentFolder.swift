import AudioFeatures
import Datasets
import Files
import Foundation
import MetricLearning
import SongModels
import Training

/// What an experiment keeps on disk, so that it can be interrupted at any time, and its report can be made again.
///
/// ```
/// experiment.json            the choices, and the songs that were left out
/// songs.csv                  the songs; a song's number is its line, counted from 0
/// vectors/MODEL.npy          the vectors of models that need no training; musly.npy has its distances
/// maps/NAME.npy              the coordinates by t-SNE of the songs of a feature set
/// runs/SPLIT/NAME/           a run: run.json, training.csv, …, history.csv, model.safetensors (see `TrainingRun`),
///                            vectors.npy (all songs as the model hears them) and result.json
/// ```
///
/// Beside what this type writes lies its digest: `SealedFile`. Damaged results and vectors are made again; a damaged
/// description or list of songs is an error.
struct ExperimentFolder: Sendable {
  let url: URL

  /// What must be equal so that an experiment can be continued. Repeats and feature sets do not count: more of them add
  /// runs to those that are done.
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
      // The key of version 0.1, whose experiments can be continued.
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

  /// Deletes what an experiment left here, and nothing else.
  func clear() throws {
    let sealed = [descriptionFile, songsFile]
    for file in sealed + sealed.map({ $0.appendingPathExtension("digest") }) + [runsFolder, vectorsFolder, mapsFolder]
    where FileManager.default.fileExists(atPath: file.path) {
      try FileManager.default.removeItem(at: file)
    }
  }

  /// Checks before hours of work, and without leaving a trace, that the folder can be made and written to.
  func checkWritable() throws(FileError) {
    let files = FileManager.default
    var nearest = url.standardizedFileURL
    while !files.fileExists(atPath: nearest.path), nearest.path != "/" { nearest.deleteLastPathComponent() }
    var isFolder: ObjCBool = false
    _ = files.fileExists(atPath: nearest.path, isDirectory: &isFolder)
    guard isFolder.boolValue, files.isWritableFile(atPath: nearest.path) else {
      throw FileError(
        path: nearest.path, reason: isFolder.boolValue ? "nothing can be written into it" : "it is not a folder",
        remedy: "Choose another with --output.")
    }
  }

  /// Copies finished pre-trainings that this folder does not have.
  func adoptPretrainings(of other: ExperimentFolder) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: other.runsFolder.path) else { return }
    for split in try files.contentsOfDirectory(atPath: other.runsFolder.path).sorted() {
      let path = "\(split)/\(ExperimentRun.Kind.pretraining.name)"
      let (source, target) = (other.runsFolder.appending(path: path), runsFolder.appending(path: path))
      guard files.fileExists(atPath: source.appending(path: "model.safetensors").path),
        !files.fileExists(atPath: target.path)
      else { continue }
      try FileError.makeFolder(target.deletingLastPathComponent(), remedy: Self.remedy)
      // Under another name first, so that a folder with the final name is always complete.
      let partial = target.appendingPathExtension("partial")
      if files.fileExists(atPath: partial.path) { try files.removeItem(at: partial) }
      try files.copyItem(at: source, to: partial)
      try files.moveItem(at: partial, to: target)
    }
  }

  /// The choices and songs of an earlier start; nil if there was none.
  func stored() throws -> (description: Description, songs: Manifest)? {
    guard FileManager.default.fileExists(atPath: descriptionFile.path) else { return nil }
    let description: Description = try read(descriptionFile)
    guard let songs = try? Data(contentsOf: songsFile), !SealedFile.isIntact(songs, of: songsFile) else {
      return (description, try Manifest(contentsOf: songsFile))
    }
    throw FileError(path: songsFile.path, reason: Self.changed, remedy: Self.remedy(descriptionFile))
  }

  func write(_ description: Description, songs: Manifest) throws {
    try FileError.makeFolder(url, remedy: "Choose another with --output.")
    try SealedFile.write(Data(songs.moved(to: url).text.utf8), to: songsFile, remedy: Self.remedy)
    // Written last: if it exists, so does the rest.
    try SealedFile.write(Data(JSON.text(description, pretty: true).utf8), to: descriptionFile, remedy: Self.remedy)
  }

  // MARK: - Runs

  func runFolder(_ split: ExperimentSplit, _ kind: ExperimentRun.Kind) -> URL {
    runsFolder.appending(path: "\(split.name)/\(kind.name)", directoryHint: .isDirectory)
  }

  /// The result of a run; nil if the run is not done, or was judged by an earlier version, in another way: then it is
  /// judged again, which trains nothing.
  func result(of featureSet: FeatureSet, in split: ExperimentSplit) throws -> RunResult? {
    let file = resultFile(of: featureSet, in: split)
    guard FileManager.default.fileExists(atPath: file.path), try isIntact(file) else { return nil }
    let result: RunResult = try read(file)
    guard result.version >= RunResult.version else { return nil }
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
    try SealedFile.write(Data(JSON.text(result).utf8), to: file, remedy: Self.remedy)
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

  /// The vectors of all songs that a run made.
  func vectorsFile(of featureSet: FeatureSet, in split: ExperimentSplit) -> URL {
    runFolder(split, .featureSet(featureSet)).appending(path: "vectors.npy")
  }

  /// The model that the run of the learned descriptor made.
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
    guard FileManager.default.fileExists(atPath: file.path), try isIntact(file) else { return nil }
    let array = try NumPyArray(contentsOf: file)
    return array.shape == [count, dimension] && array.values.allSatisfy(\.isFinite) ? array.values : nil
  }

  /// Whether vectors of this shape are stored.
  func hasVectors(in file: URL, count: Int, _ dimension: Int) throws -> Bool {
    try vectors(in: file, count: count, dimension: dimension) != nil
  }

  /// Stored vectors of any dimension; nil if there are none for so many songs.
  func vectors(in file: URL, count: Int) throws -> EmbeddingMatrix? {
    guard FileManager.default.fileExists(atPath: file.path), try isIntact(file) else { return nil }
    let array = try NumPyArray(contentsOf: file)
    guard array.shape.count == 2, array.shape[0] == count, array.values.allSatisfy(\.isFinite) else { return nil }
    return EmbeddingMatrix(count: count, dimension: array.shape[1], values: array.values)
  }

  func write(_ vectors: [Float], dimension: Int, to file: URL) throws {
    try FileError.makeFolder(file.deletingLastPathComponent(), remedy: Self.remedy)
    let array = NumPyArray(shape: [vectors.count / dimension, dimension], values: vectors)
    try SealedFile.write(Data(array.encoded()), to: file, remedy: Self.remedy)
  }

  private func isIntact(_ file: URL) throws -> Bool {
    SealedFile.isIntact(try Data(contentsOf: file, options: .alwaysMapped), of: file)
  }

  private func read<Value: Decodable>(_ file: URL) throws -> Value {
    let reason: String
    do {
      let data = try Data(contentsOf: file)
      if SealedFile.isIntact(data, of: file) { return try JSON.value(from: String(decoding: data, as: UTF8.self)) }
      reason = Self.changed
    } catch {
      reason = "it cannot be read: \(error is DecodingError ? Self.changed : error.systemReason)"
    }
    throw FileError(path: file.path, reason: reason, remedy: Self.remedy(file))
  }

  private static let changed = "it was changed, or written by another version"

  private static func remedy(_ file: URL) -> String {
    file.lastPathComponent == "experiment.json"
      ? "Choose another folder with --output, or begin again with --restart."
      : "Delete it, and give the same command again."
  }
}
