import AudioDecoding
import AudioFeatures
import AudioFiles
import Files
import Foundation
import SongModels

/// Log-mel spectrograms on disk, so that each song of a training is decoded once.
///
/// An entry is a NumPy file, frames × bands in absolute dB, whose name is derived from the song's path, size and
/// modification time and from the configuration, so an entry is made anew if any of these changes. The folder can be
/// deleted at any time.
public struct LogMelCache: Sendable {
  /// The folder of the entries.
  public let folder: URL

  /// A cache in a folder, which is made with the first entry.
  public init(folder: URL) { self.folder = folder }

  /// `$XDG_CACHE_HOME/akin/log-mels` or the platform's own cache folder; a user without any home has the folder of
  /// temporary files.
  public static var standard: LogMelCache {
    let caches: URL
    do { caches = try UserFolder.caches.url } catch { caches = FileManager.default.temporaryDirectory }
    return LogMelCache(folder: caches.appending(path: "akin/log-mels"))
  }

  /// The middle of a song, at least `frameCount` frames or all that it has: read from the disk, or decoded and stored.
  ///
  /// - Throws: `AudioDecodingError` if the song cannot be decoded, `FileError` if the entry cannot be stored.
  package func spectrogram(file path: String, frameCount: Int, extractor: LogMelExtractor) throws -> LogMelSpectrogram {
    if let found = try stored(file: path, frameCount: frameCount, configuration: extractor.configuration) {
      return found
    }
    let (spectrogram, _) = try LogMelExcerpt.read(
      SongSource(file: path), frameCount: frameCount, extractor: extractor)
    try store(spectrogram, file: path, frameCount: frameCount, configuration: extractor.configuration)
    return spectrogram
  }

  /// The entry of a song on the disk; nil if there is none, or if it is damaged.
  package func stored(
    file path: String, frameCount: Int, configuration: LogMelConfiguration
  ) throws(AudioDecodingError) -> LogMelSpectrogram? {
    let entry = try entry(path: path, frameCount: frameCount, configuration: configuration)
    let bands = configuration.melBandCount
    guard let array = try? NumPyArray(contentsOf: entry), array.shape.count == 2, array.shape[1] == bands,
      array.shape[0] > 0, array.values.allSatisfy(\.isFinite)
    else { return nil }
    return LogMelSpectrogram(frameCount: array.shape[0], melBandCount: bands, decibels: array.values)
  }

  /// Stores the middle of a song, `frameCount` frames or all that it has.
  package func store(
    _ spectrogram: LogMelSpectrogram, file path: String, frameCount: Int, configuration: LogMelConfiguration
  ) throws {
    let entry = try entry(path: path, frameCount: frameCount, configuration: configuration)
    let remedy = "Make room, or choose another folder with --cache."
    try FileError.makeFolder(entry.deletingLastPathComponent(), remedy: remedy)
    try FileError.write(Data(NumPyArray(spectrogram).encoded()), to: entry, remedy: remedy)
  }

  private func entry(path: String, frameCount: Int, configuration: LogMelConfiguration) throws(AudioDecodingError)
    -> URL
  {
    let file = try FileStamp(path: path)
    let key = "1\n\(path)\n\(file.size)\n\(file.modificationTime)\n\(frameCount)\n\(JSON.text(configuration))"
    let digest = ContentDigest.hexadecimal(of: Data(key.utf8))
    return folder.appending(path: "\(digest.prefix(2))/\(digest.dropFirst(2)).npy")
  }
}
