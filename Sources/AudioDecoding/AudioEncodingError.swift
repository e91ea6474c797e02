import CFFmpeg
import Foundation

/// Why an audio file could not be written. No part of it is left behind.
public typealias AudioEncodingError = AudioFileError<AudioEncodingFailure>

/// The different ways in which writing an audio file can fail.
public enum AudioEncodingFailure: String, AudioFileFailure, CaseIterable {
  /// The format cannot hold such sound, or this build of FFmpeg cannot write it.
  case unsupported
  /// Some samples are infinite or not a number.
  case invalidSamples
  /// The file cannot be created or written there.
  case unwritable
  /// FFmpeg failed for another reason.
  case failed

  /// What the user can do.
  public var remedy: String {
    switch self {
    case .unsupported: "Choose another format, such as FLAC or WAV."
    case .invalidSamples: "Check where the samples come from."
    case .unwritable: "Check that the folder exists, that it may be written to, and that the disk is not full."
    case .failed: "Try again with more free memory; if it stays, report it with this message."
    }
  }
}

extension AudioEncodingError {
  /// A failed FFmpeg call.
  init(path: String, _ failure: FFmpegFailure) {
    let unsupported = [akin_averror(EINVAL), akin_averror_patch_welcome, akin_averror_encoder_not_found]
    let unwritable = [
      ENOENT, ENOTDIR, EACCES, EPERM, ENOSPC, EIO, EROFS, EISDIR, EDQUOT, EFBIG, EBUSY, ENOTEMPTY, EEXIST, ELOOP,
      ENAMETOOLONG,
    ].map(akin_averror)
    let kind: Kind =
      unsupported.contains(failure.code) ? .unsupported : unwritable.contains(failure.code) ? .unwritable : .failed
    self.init(path: path, kind: kind, reason: failure.description)
  }
}
