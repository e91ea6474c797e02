import AudioDecoding

/// Why a file is left out that is a video, if music was asked for.
package struct VideoLeftOut: Error {
  /// Looks into a file whose ending may be that of a video, and throws if it is one. A silent film is one too.
  ///
  /// - Throws: `VideoLeftOut`, or `AudioDecodingError` if the file cannot be read.
  package static func check(_ path: String) throws {
    guard AudioFileEndings.mayBeVideo(path) else { return }
    let isVideo: Bool
    do throws(AudioDecodingError) {
      isVideo = try AudioDecoder.hasVideo(file: path)
    } catch {
      guard error.kind == .noAudioStream else { throw error }
      isVideo = true
    }
    if isVideo { throw VideoLeftOut() }
  }
}
