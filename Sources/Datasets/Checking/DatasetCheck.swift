import AudioDecoding
import AudioFeatures
import Foundation
import Reproducibility
import Synchronization

/// Looks for what is wrong with a dataset: files, sound, duplicates, classes, and what the parts of a split have in
/// common.
public struct DatasetCheck: Sendable {
  /// One manifest with the name by which the report calls it.
  public typealias Part = (name: String, manifest: Manifest)

  /// The length in seconds of what a network hears, the middle of a song.
  public let excerptSeconds: Double
  /// Songs shorter than this many seconds are found too short.
  public let shortest: Double
  /// Labels by which songs of different parts must differ; nil to tell only.
  public let apart: DatasetSplitting.Bond?
  /// How many songs are listened to at once.
  public let threads: Int

  /// The highest sample of what counts as silent: 60 dB below full scale.
  static let silence: Float = 0.001

  /// A check for a network that hears `excerptSeconds` of each song; `shortest` is the same unless it is given.
  public init(
    excerptSeconds: Double, shortest: Double? = nil, apart: DatasetSplitting.Bond? = nil, threads: Int
  ) {
    self.excerptSeconds = excerptSeconds
    self.shortest = shortest ?? excerptSeconds
    self.apart = apart
    self.threads = threads
  }

  /// Listens to all songs and compares them.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before each song.
  ///   - report: told how many songs are done; called from any thread, one call at a time.
  /// - Returns: nil where it was stopped.
  public func run(
    _ parts: [Part], shouldStop: @Sendable () -> Bool = { false },
    report: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(AudioFeatureError) -> DatasetFindings? {
    let songs = parts.flatMap { part in
      part.manifest.songs.map { ListedSong(part: part.name, path: part.manifest.filePath(of: $0), song: $0) }
    }
    let paths = Array(Set(songs.map(\.path))).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard let outcomes = try inspect(paths, shouldStop: shouldStop, report: report) else { return nil }
    let inspected = Dictionary(uniqueKeysWithValues: zip(paths, outcomes))
    var findings = DatasetFindings(partNames: parts.map(\.name), songs: songs)
    findings.addFiles(inspected, shortest: shortest)
    findings.addDuplicates(inspected)
    findings.addClasses()
    findings.addStraddling(apart: apart)
    return findings
  }

  private func inspect(
    _ paths: [String], shouldStop: @Sendable () -> Bool, report: @Sendable (Int, Int) -> Void
  ) throws(AudioFeatureError) -> [Result<SongInspection, AudioDecodingError>]? {
    let workers = max(1, min(threads, paths.count))
    var extractors: [LogMelExtractor] = []
    for _ in 0..<workers { extractors.append(try SoundFingerprint.makeExtractor()) }
    let outcomes = Mutex([Int: Result<SongInspection, AudioDecodingError>]())
    let wasStopped = Atomic<Bool>(false)
    Parallel.forEach(count: paths.count, threads: workers) { index, worker in
      guard !shouldStop() else { return wasStopped.store(true, ordering: .relaxed) }
      let outcome = inspect(paths[index], extractor: extractors[worker])
      outcomes.withLock {
        $0[index] = outcome
        report($0.count, paths.count)
      }
    }
    guard !wasStopped.load(ordering: .relaxed) else { return nil }
    let results = outcomes.withLock { $0 }
    return paths.indices.map { index in
      guard let result = results[index] else { preconditionFailure("song \(index) of \(paths.count) was not read") }
      return result
    }
  }

  private func inspect(_ path: String, extractor: LogMelExtractor) -> Result<SongInspection, AudioDecodingError> {
    do {
      return .success(try SongInspection(file: path, excerpt: excerptSeconds, extractor: extractor))
    } catch let error as AudioDecodingError {
      return .failure(error)
    } catch {
      return .failure(AudioDecodingError(path: path, kind: .failed, reason: "\(error)"))
    }
  }
}

/// One line of a manifest.
public struct ListedSong: Sendable, Hashable {
  /// The manifest's name in the report.
  public let part: String
  /// The absolute path.
  public let path: String
  /// The line.
  public let song: Manifest.Song
}
