import AudioDecoding
import AudioFeatures
import AudioFiles
import Foundation

/// Looks for problems of a dataset: in its files, their sound, duplicates, classes, and in what the parts of a split
/// have in common.
public struct DatasetCheck: Sendable {
  /// A manifest and its name in the report.
  public typealias Part = (name: String, manifest: Manifest)

  /// The length in seconds of the excerpt that a network hears: the middle of a song.
  public let excerptSeconds: Double
  /// Songs shorter than this, in seconds, are reported as too short.
  public let shortest: Double
  /// The label that no two parts may share; nil if shared labels are not problems.
  public let apart: GroupingKey?
  /// How many songs are listened to at once.
  public let threads: Int

  /// A check for a network that hears `excerptSeconds` of each song, which is also the default of `shortest`.
  public init(
    excerptSeconds: Double, shortest: Double? = nil, apart: GroupingKey? = nil, threads: Int
  ) {
    self.excerptSeconds = excerptSeconds
    self.shortest = shortest ?? excerptSeconds
    self.apart = apart
    self.threads = threads
  }

  /// Listens to all songs and compares them.
  ///
  /// - Parameters:
  ///   - shouldStop: is asked before each song.
  ///   - report: is told how many songs are done; called from any thread, one call at a time.
  /// - Returns: nil if the check was stopped.
  public func run(
    _ parts: [Part], shouldStop: () -> Bool = { false },
    report: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(AudioFeatureError) -> DatasetFindings? {
    let songs = parts.flatMap { part in
      part.manifest.songs.map { ListedSong(part: part.name, path: part.manifest.filePath(of: $0), song: $0) }
    }
    let paths = ExactPath.sorted(songs.map(\.path))
    guard let outcomes = try inspect(paths, shouldStop: shouldStop, report: report) else { return nil }
    let inspected = Dictionary(uniqueKeysWithValues: zip(paths.map(ExactPath.init), outcomes))
    var findings = DatasetFindings(partNames: parts.map(\.name), songs: songs)
    findings.addFiles(inspected, shortest: shortest)
    findings.addDuplicates(inspected)
    findings.addClasses()
    findings.addStraddling(apart: apart)
    return findings
  }

  /// What each file holds; nil if the check was stopped.
  private func inspect(
    _ paths: [String], shouldStop: () -> Bool, report: (Int, Int) -> Void
  ) throws(AudioFeatureError) -> [Result<SongInspection, AudioDecodingError>]? {
    let listening = try SongListening(threads: threads) { () throws(AudioFeatureError) in
      try SoundFingerprint.makeExtractor()
    }
    var outcomes: [Result<SongInspection, AudioDecodingError>] = []
    let isComplete = listening.run(
      paths, shouldStop: shouldStop, progress: { report($0, paths.count) },
      make: { path, extractor in try SongInspection(file: path, excerpt: excerptSeconds, extractor: extractor) },
      finish: { index, result in
        outcomes.append(
          result.mapError { error in
            error as? AudioDecodingError
              ?? AudioDecodingError(path: paths[index], kind: .failed, reason: "\(error)")
          })
      })
    return isComplete ? outcomes : nil
  }
}

/// One line of a manifest.
public struct ListedSong: Sendable, Hashable {
  /// The manifest's name in the report.
  public let part: String
  /// The song's absolute path.
  public let path: String
  /// The song as the manifest lists it.
  public let song: Manifest.Song
}
