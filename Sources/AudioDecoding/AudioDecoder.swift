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
    let part = AudioPart(excerpt, sampleRate: sampleRate)
    guard let audio = try decode(file: path, parts: [part]).first else { preconditionFailure("no part was decoded") }
    return audio
  }

  /// Decodes several parts of a file, each as ``decode(file:excerpt:sampleRate:)`` does; in one pass if none of them
  /// needs seeking, as in clips.
  ///
  /// - Returns: The parts in their order.
  /// - Throws: `AudioDecodingError` if one of them cannot be decoded.
  public static func decode(file path: String, parts: [AudioPart]) throws(AudioDecodingError) -> [DecodedAudio] {
    var samples = [[Float]](repeating: [], count: parts.count)
    let reader = try FFmpegLog.collecting { () throws(AudioDecodingError) in
      let reader = try open(path, parts)
      for (index, part) in reader.parts.enumerated() {
        samples[index].reserveCapacity(min(part.expectedCount, largestReservation))
      }
      try reader.forEachBlock { index, block in
        samples[index].append(contentsOf: block)
        return true
      }
      return reader
    }
    return zip(samples, reader.parts).map { samples, part in
      DecodedAudio(
        samples: samples, sampleRate: part.sampleRate,
        startTime: Double(part.wanted.lowerBound) / Double(part.sampleRate), info: reader.info)
    }
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
      let reader = try open(path, [AudioPart(excerpt, sampleRate: sampleRate)])
      try reader.forEachBlock { _, block in
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

  private static func open(_ path: String, _ parts: [AudioPart]) throws(AudioDecodingError) -> ExcerptReader {
    for sampleRate in parts.compactMap(\.sampleRate) {
      precondition(sampleRates.contains(sampleRate), "a sample rate of \(sampleRate) Hz is not in \(sampleRates)")
    }
    return try ExcerptReader(path: path, parts: parts)
  }
}
