import AudioFeatures
import AudioFiles
import Datasets
import Files
import Foundation
import SongModels

/// The songs of a training, all of them in the cache, and the statistics of the input. Songs that cannot be decoded are
/// left out.
struct TrainingSongs {
  /// The songs' log-mels.
  let logMels: CachedLogMels
  /// The training songs, then the validation songs.
  let paths: [String]
  /// The class of each training song, an index of `classNames`.
  let trainingLabels: [Int]
  /// The class of each validation song.
  let validationLabels: [Int]
  /// The number of the collection that each training song comes from.
  let collections: [Int]
  /// The classes of the training songs.
  let classNames: [String]
  /// The standardisation of the network's input.
  let standardisation: InputStandardisation
  /// The number of songs that were left out.
  let skipped: Int

  /// Decodes every song into the cache and computes the input's statistics.
  ///
  /// - Parameter report: is told what happens, one call at a time; it may throw to stop.
  init(
    _ parts: DatasetParts, options: TrainingOptions, cache: LogMelCache, threads: Int,
    report: (TrainingEvent) throws -> Void
  ) throws {
    let songs = parts.training.songs + parts.validation.songs
    let paths =
      parts.training.songs.map(parts.training.filePath) + parts.validation.songs.map(parts.validation.filePath)
    logMels = CachedLogMels(input: try options.input, network: options.network, cache: cache)
    let failed = try Self.listen(to: paths, logMels, threads: threads, report: report)
    let kept = paths.indices.filter { !failed.contains($0) }
    let learned = kept.filter { $0 < parts.training.songs.count }.map { songs[$0] }
    let labels = SongLabels(learned)
    try Self.checkClasses(labels.classNames, of: learned, folder: parts.training.folder)
    // A validation song says nothing about the training if no training song has its class.
    let usable = kept.compactMap { index in labels.classIndex(of: songs[index]).map { (index, $0) } }
    let trainingCount = usable.count { $0.0 < parts.training.songs.count }
    self.paths = usable.map { paths[$0.0] }
    trainingLabels = usable[..<trainingCount].map(\.1)
    validationLabels = usable[trainingCount...].map(\.1)
    collections = Self.collections(of: usable[..<trainingCount].map { songs[$0.0] }, in: parts.training)
    classNames = labels.classNames
    skipped = failed.count
    var statistics = InputStandardisation.Statistics(bands: options.network.melBandCount)
    if options.preset.standardisesInput {
      let extractor = try logMels.makeExtractor()
      for path in self.paths[..<trainingCount] {
        statistics.add(try logMels.middle(of: path, extractor: extractor).decibels)
      }
    }
    standardisation = statistics.standardisation
  }

  /// Brings every song into the cache; returns the indices of those that fail.
  private static func listen(
    to paths: [String], _ logMels: CachedLogMels, threads: Int, report: (TrainingEvent) throws -> Void
  ) throws -> Set<Int> {
    var failed: Set<Int> = []
    try report(.preparing(done: 0, of: paths.count))
    let listening = try SongListening(threads: threads) { try logMels.makeExtractor() }
    try listening.run(
      paths, progress: { try report(.preparing(done: $0, of: paths.count)) },
      make: { path, extractor in _ = try logMels.spectrogram(of: path, extractor: extractor) },
      finish: { index, result in
        guard case .failure(let error) = result else { return }
        // On a full disk every later song would fail too.
        if let error = error as? FileError { throw error }
        failed.insert(index)
        try report(.skipped(path: paths[index], reason: error.reasonToSkip))
      })
    return failed
  }

  /// The number of each song's collection, which the manifest may name in a column `collection`.
  private static func collections(of songs: [Manifest.Song], in manifest: Manifest) -> [Int] {
    guard let column = manifest.extraColumns.firstIndex(of: "collection") else { return songs.map { _ in 0 } }
    let names = songs.map { $0.extra[column] }
    let order = Set(names).sorted()
    return names.map { order.firstIndex(of: $0) ?? 0 }
  }

  private static func checkClasses(
    _ classNames: [String], of songs: [Manifest.Song], folder: URL
  ) throws(DatasetError) {
    let sizes = Dictionary(grouping: songs, by: \.className).mapValues(\.count)
    guard classNames.count >= 2, classNames.contains(where: { sizes[$0, default: 0] >= 2 }) else {
      throw DatasetError(
        path: folder.path,
        reason: "\(songs.count) training songs in \(classNames.count) classes are too few to learn from",
        remedy: "Give at least two classes of two songs each; eight classes of ten are a good start.")
    }
  }
}
