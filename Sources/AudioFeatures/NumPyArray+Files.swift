import Foundation

extension NumPyArray {
  /// Reads a `.npy` file.
  ///
  /// - Throws: ``AudioFeatureError/fileFailed(path:reason:)``, ``AudioFeatureError/malformedArray(reason:)``.
  public init(contentsOf file: URL) throws(AudioFeatureError) {
    let data: Data
    do { data = try Data(contentsOf: file) } catch { throw .fileFailed(path: file.path, reason: "\(error)") }
    try self.init(decoding: [UInt8](data))
  }

  /// Writes a `.npy` file, whole or not at all.
  ///
  /// - Throws: ``AudioFeatureError/fileFailed(path:reason:)``.
  public func write(to file: URL) throws(AudioFeatureError) {
    do { try Data(encoded()).write(to: file, options: .atomic) } catch {
      throw .fileFailed(path: file.path, reason: "\(error)")
    }
  }
}
