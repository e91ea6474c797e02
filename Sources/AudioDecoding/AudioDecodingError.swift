import CFFmpeg
import Foundation

/// Why a file could not be read as audio.
public typealias AudioDecodingError = AudioFileError<AudioDecodingFailure>

/// The different ways in which reading a file as audio can fail.
public enum AudioDecodingFailure: String, AudioFileFailure, CaseIterable {
  /// There is no such file.
  case missing
  /// The file may not be read.
  case permissionDenied
  /// The path names a folder.
  case directory
  /// A pipe, socket or device.
  case notRegularFile
  /// A file of no bytes, or a valid one without a single sample.
  case empty
  /// The content is not in any known audio format.
  case notAudio
  /// A format that could hold audio, but in this file holds only pictures, film or text.
  case noAudioStream
  /// Audio that this version of FFmpeg cannot decode; the file may be sound.
  case unsupportedCodec
  /// The file is broken off, and too little of it is there: less than 10 s and less than half of what its header
  /// promises.
  case truncated
  /// An audio file whose header makes no sense, or of which less than half can be decoded.
  case corrupted
  /// The disk or the file system failed.
  case unreadable
  /// FFmpeg failed for a reason other than the file, such as a lack of memory.
  case failed

  /// What the user can do.
  public var remedy: String {
    switch self {
    case .missing: "Check the path."
    case .permissionDenied: "Change the file's permissions (chmod u+r) or run as its owner."
    case .directory: "Name a file in this folder."
    case .notRegularFile: "Copy its content to a regular file first."
    case .empty: "Replace the file by a complete copy."
    case .notAudio: "Leave it out, or check whether it was given a wrong name."
    case .noAudioStream: "Leave it out, or name a file with sound."
    case .unsupportedCodec: "Convert it to FLAC or MP3 with another program, or install a newer FFmpeg."
    case .truncated: "Copy or download the file again."
    case .corrupted: "Copy, download or rip the file again."
    case .unreadable: "Check the disk or the network share, then try again."
    case .failed: "Try again with more free memory; if it stays, report it with this message."
    }
  }
}

extension AudioDecodingError {
  /// A failed system call on the file.
  package init(path: String, errno code: Int32) {
    let kind: Kind =
      switch code {
      case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EINVAL: .missing
      case EACCES, EPERM: .permissionDenied
      case EISDIR: .directory
      case ENXIO, ENODEV: .notRegularFile
      case ENOMEM, EMFILE, ENFILE: .failed
      default: .unreadable
      }
    self.init(path: path, kind: kind, reason: String(cString: strerror(code)))
  }

  /// A failed FFmpeg call on the file.
  init(path: String, _ failure: FFmpegFailure) {
    if failure.isLackOfSupport {
      self.init(path: path, unsupported: failure.words)
    } else if failure.code == akin_averror(ENOMEM) {
      self.init(path: path, kind: .failed, reason: "there was not enough memory (\(failure))")
    } else {
      // Whatever else a parser stumbles over; failed reads are known from the system call itself.
      self.init(path: path, kind: .corrupted, reason: "the file is broken (\(failure))")
    }
  }

  /// A file that may be sound, but not for this version of FFmpeg, whose words these are.
  init(path: String, unsupported words: String) {
    self.init(
      path: path, kind: .unsupportedCodec,
      reason: "this version of FFmpeg (\(FFmpegFailure.version)) cannot decode it, although the file may be sound "
        + "(FFmpeg: \(words))")
  }

  /// Runs calls into FFmpeg, whose failures become errors on the file.
  static func on<Result>(
    _ path: String, _ body: () throws(FFmpegFailure) -> Result
  ) throws(AudioDecodingError) -> Result {
    do {
      return try body()
    } catch {
      throw AudioDecodingError(path: path, error)
    }
  }
}
