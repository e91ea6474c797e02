import Foundation

/// A file with the digest of its content beside it, so that a disk's error in it is noticed: `NAME.digest`.
package enum SealedFile {
  /// Writes a file whole or not at all, and its digest. A program that is killed between the two leaves a file that is
  /// not checked, never one that is refused.
  package static func write(_ data: Data, to file: URL, remedy: String) throws(FileError) {
    let seal = seal(of: file)
    if FileManager.default.fileExists(atPath: seal.path) {
      do { try FileManager.default.removeItem(at: seal) } catch {
        throw FileError(path: seal.path, reason: "it cannot be replaced: \(error.systemReason)", remedy: remedy)
      }
    }
    try FileError.write(data, to: file, remedy: remedy)
    try FileError.write(Data(ContentDigest.hexadecimal(of: data).utf8), to: seal, remedy: remedy)
  }

  /// Whether a file's content is what was written; also if it has no digest, as files of earlier versions.
  package static func isIntact(_ data: Data, of file: URL) -> Bool {
    guard let digest = try? Data(contentsOf: seal(of: file)) else { return true }
    return digest.elementsEqual(ContentDigest.hexadecimal(of: data).utf8)
  }

  private static func seal(of file: URL) -> URL { file.appendingPathExtension("digest") }
}
