import CFFmpeg
import Foundation

/// Writes tagged audio files.
public enum AudioEncoder {
  /// Writes sound to a file, which appears only when it is complete and then replaces what was at its path.
  ///
  /// The same arguments give the same bytes with the same build of FFmpeg.
  /// - Parameters:
  ///   - channels: One or more arrays of equal length, nominally -1...1, in FFmpeg's default order for that many
  ///     channels.
  ///   - sampleRate: In Hz, more than 0. If the format does not support it, the next higher rate that it supports is
  ///     written.
  ///   - tags: What the file says about the song.
  ///   - path: Where to write; its extension does not matter.
  ///   - format: What to write.
  ///   - sampleFormat: How WAV, AIFF and FLAC store a sample; FLAC supports `int16` and `int24`.
  ///   - bitRate: For lossy formats, in bits per second for all channels together; nil for one that sounds good.
  ///   - cover: A JPEG or PNG picture for MP3, FLAC and M4A.
  /// - Throws: `AudioEncodingError`.
  public static func write(
    _ channels: [[Float]], sampleRate: Int, tags: AudioTags = AudioTags(), to path: String, format: AudioFileFormat,
    sampleFormat: PCMSampleFormat = .int16, bitRate: Int? = nil, cover: [UInt8]? = nil
  ) throws(AudioEncodingError) {
    precondition(
      !channels.isEmpty && channels.allSatisfy { $0.count == channels[0].count },
      "channels of \(channels.map(\.count)) samples")
    precondition(sampleRate > 0, "a sample rate of \(sampleRate) Hz")
    guard channels.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw AudioEncodingError(
        path: path, kind: .invalidSamples, reason: "some samples are not finite numbers")
    }
    let plan = EncodingPlan(
      format, sampleFormat, sampleRate: sampleRate, channelCount: channels.count, bitRate: bitRate)
    guard let plan else {
      throw AudioEncodingError(
        path: path, kind: .unsupported, reason: "\(format.rawValue) cannot store samples as \(sampleFormat.rawValue)")
    }
    guard !path.utf8.contains(0) else {
      throw AudioEncodingError(path: path, kind: .unwritable, reason: "there is a zero byte in the path")
    }
    let partial = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial"
    do throws(FFmpegFailure) {
      try FFmpegLog.collecting { () throws(FFmpegFailure) in
        let codec = cover.map { $0.starts(with: [0x89, 0x50]) ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG }
        let muxer = try Muxer(path: partial, plan, channelCount: channels.count, tags: tags, hasCover: codec)
        try muxer.write(channels, sampleRate: sampleRate, cover: cover)
        guard rename(partial, path) == 0 else {
          throw FFmpegFailure(code: akin_averror(errno), attempt: "move the finished file to its place")
        }
      }
    } catch {
      unlink(partial)
      throw AudioEncodingError(path: path, error)
    }
  }
}
