import CFFmpeg

extension AudioDecoder {
  /// Whether a file has moving pictures; a cover picture is none. Decodes nothing.
  /// - Throws: `AudioDecodingError`, of the kind `noAudioStream` if it has pictures only.
  public static func hasVideo(file path: String) throws(AudioDecodingError) -> Bool {
    try FFmpegLog.collecting { () throws(AudioDecodingError) in try Demuxer(path: path).hasVideo }
  }

  /// The version of FFmpeg in use, such as "5.1.6": another may read files that this one refuses.
  public static var ffmpegVersion: String { String(cString: av_version_info()) }
}
