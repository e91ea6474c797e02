/// Reads audio files: any container and codec that FFmpeg knows, to one channel of floats.
///
/// Only local regular files are opened, never other files that such a file refers to. Every function may be called from
/// many threads at once.
public enum AudioDecoder {
  /// The rates in Hz to which sound can be resampled.
  public static let sampleRates = 4_000...384_000

  /// Reads the tags, the length and the format of a file without decoding it.
  ///
  /// A file whose header does not state its length is read to its end.
  /// - Throws: `AudioDecodingError`.
  public static func info(ofFile path: String) throws(AudioDecodingError) -> AudioFileInfo {
    try FFmpegLog.collecting { () throws(AudioDecodingError) in try AudioFileInfo(Demuxer(path: path)) }
  }

  /// Decodes a file, or a part of it, to the mean of its channels.
  ///
  /// Seeks to the excerpt and decodes only that. If the codec is lossless, an excerpt has exactly the samples of the
  /// whole at that position; otherwise its position is as exact as the file's timestamps, which WMA rounds to
  /// milliseconds. A range past the end of the file has no samples. If a file holds several Ogg songs one after
  /// another, only the whole has all of them, since their timestamps begin anew with each.
  /// - Parameters:
  ///   - path: A file's path; never a URL.
  ///   - excerpt: The part to decode.
  ///   - sampleRate: In Hz, within `sampleRates`; nil for the file's own.
  /// - Throws: `AudioDecodingError`.
  public static func decode(
    file path: String, excerpt: Excerpt = .whole, sampleRate: Int? = nil
  ) throws(AudioDecodingError) -> DecodedAudio {
    var samples: [Float] = []
    let reader = try FFmpegLog.collecting { () throws(AudioDecodingError) in
      let reader = try open(path, excerpt, sampleRate)
      samples.reserveCapacity(min(reader.expectedCount, largestReservation))
      try reader.forEachBlock { block in
        samples.append(contentsOf: block)
        return true
      }
      return reader
    }
    return DecodedAudio(
      samples: samples, sampleRate: reader.sampleRate,
      startTime: Double(reader.wanted.lowerBound) / Double(reader.sampleRate), info: reader.info)
  }

  /// Decodes a file, or a part of it, block by block in constant memory.
  ///
  /// That a file is truncated or corrupted may show only after blocks of it were delivered.
  /// - Parameters:
  ///   - path: A file's path; never a URL.
  ///   - excerpt: The part to decode.
  ///   - sampleRate: In Hz, within `sampleRates`; nil for the file's own.
  ///   - body: Called with consecutive samples, at least one at a time, which are valid during the call only. Returns
  ///     whether to go on.
  /// - Returns: What is known of the file.
  /// - Throws: `AudioDecodingError`, and what `body` throws.
  @discardableResult
  public static func forEachBlock(
    ofFile path: String, excerpt: Excerpt = .whole, sampleRate: Int? = nil,
    _ body: (UnsafeBufferPointer<Float>) throws -> Bool
  ) throws -> AudioFileInfo {
    var failure: (any Error)?
    let info = try FFmpegLog.collecting { () throws(AudioDecodingError) in
      let reader = try open(path, excerpt, sampleRate)
      try reader.forEachBlock { block in
        do {
          return try body(block)
        } catch {
          failure = error
          return false
        }
      }
      return reader.info
    }
    if let failure { throw failure }
    return info
  }

  /// The most samples that memory is reserved for because a header promises them: three minutes at 22,050 Hz.
  private static let largestReservation = 1 << 22

  private static func open(
    _ path: String, _ excerpt: Excerpt, _ sampleRate: Int?
  ) throws(AudioDecodingError) -> ExcerptReader {
    if let sampleRate {
      precondition(sampleRates.contains(sampleRate), "a sample rate of \(sampleRate) Hz is not in \(sampleRates)")
    }
    return try ExcerptReader(path: path, excerpt: excerpt, sampleRate: sampleRate)
  }
}
