import AudioFeatures
import AudioFiles
import Files
import Foundation
import SongModels

/// Log-mel spectrograms on disk, so that each song of a training is decoded once.
///
/// An entry is a NumPy file, frames × bands in absolute dB, whose name is derived from the song's path, size and
/// modification time and from the configuration: what has changed is made anew. The folder can be deleted at any time.
public struct LogMelCache: Sendable {
  /// Where the entries lie.
  public let folder: URL

  /// A cache in a folder, which is made when the first entry is.
  public init(folder: URL) { self.folder = folder }

  /// `$XDG_CACHE_HOME/akin/log-mels` or the platform's own cache folder.
  public static var standard: LogMelCache {
    // The convention has relative paths ignored.
    let named = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let caches =
      named.map { URL(filePath: $0) }
      ?? FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
      ?? FileManager.default.temporaryDirectory
    return LogMelCache(folder: caches.appending(path: "akin/log-mels"))
  }

  /// The middle of a song, at least `frameCount` frames where it has them.
  ///
  /// - Throws: `AudioDecodingError` where the song cannot be decoded, `FileError` where the entry cannot be stored.
  package func spectrogram(file path: String, frameCount: Int, extractor: LogMelExtractor) throws -> LogMelSpectrogram {
    let entry = try entry(path: path, frameCount: frameCount, configuration: extractor.configuration)
    if let found = Self.read(entry, bands: extractor.configuration.melBandCount) { return found }
    let (spectrogram, _) = try LogMelExcerpt.read(file: path, frameCount: frameCount, extractor: extractor)
    let remedy = "Make room, or choose another folder with --cache."
    try FileError.makeFolder(entry.deletingLastPathComponent(), remedy: remedy)
    try FileError.write(Data(NumPyArray(spectrogram).encoded()), to: entry, remedy: remedy)
    return spectrogram
  }

  private func entry(path: String, frameCount: Int, configuration: LogMelConfiguration) throws -> URL {
    let file = try FileStamp(path: path)
    let key = "1\n\(path)\n\(file.size)\n\(file.modificationTime)\n\(frameCount)\n\(JSON.text(configuration))"
    let digest = ContentDigest.hexadecimal(of: Data(key.utf8))
    return folder.appending(path: "\(digest.prefix(2))/\(digest.dropFirst(2)).npy")
  }

  /// An entry, or nil where there is none that can be used: a damaged one is made anew.
  private static func read(_ entry: URL, bands: Int) -> LogMelSpectrogram? {
    guard let array = try? NumPyArray(contentsOf: entry), array.shape.count == 2, array.shape[1] == bands,
      array.shape[0] > 0, array.values.allSatisfy(\.isFinite)
    else { return nil }
    return LogMelSpectrogram(frameCount: array.shape[0], melBandCount: bands, decibels: array.values)
  }
}
