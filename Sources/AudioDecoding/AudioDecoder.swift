import Tags

/// Reads audio files: any container and codec that FFmpeg knows, to one channel of floats.
///
/// Only local regular files are opened, never other files that such a file refers to. Every function may be called from
/// many threads at once.
public enum AudioDecoder {
  /// The rates in Hz to which sound can be resampled.
  public static let sampleRates = 4_000...384_000

  /// Reads the tags, the length and the format of a file without decoding it.
  ///
  /// A file whose header does not state its length, or contradicts what else shows of it, is read to its end.
  /// - Throws: `AudioDecodingError`.
  public static func info(ofFile path: String) throws(AudioDecodingError) -> AudioFileInfo {
    try FFmpegLog.collecting { () throws(AudioDecodingError) in
      let demuxer = try Demuxer(path: path)
      return try AudioFileInfo(demuxer, Sound(demuxer))
    }
  }

  /// Decodes a file, or a part of it, to the mean of its channels.
  ///
  /// Seeks to the excerpt and decodes only that. If the codec is lossless, an excerpt has exactly the samples of the
  /// whole at that position; otherwise its position is as exact as the file's timestamps, which WMA rounds to
  /// milliseconds. A range past the end of the file has no samples.
  ///
  /// The length that counts is that of what can be played, whatever the header promises. A file that is broken off is
  /// decoded, with a note in its info, if 10 s or half of what its header promises are there.
  ///
  /// If the channels cancel each other for more than 3 s or a tenth of the part, so that their mean has less than a tenth
  /// of the energy that unrelated channels would leave, in all or above the bass, the loudest channel is decoded instead,
  /// with a note. This is decided for each part alone, over all that is decoded for it.
  /// - Parameters:
  ///   - path: A file's path; never a URL.
  ///   - excerpt: The part to decode.
  ///   - sampleRate: In Hz, within `sampleRates`; nil for the file's own.
  ///   - bounds: The song that the part is of, if the file holds several; nil for the file as a whole.
  /// - Throws: `AudioDecodingError`.
  public static func decode(
    file path: String, excerpt: Excerpt = .whole, sampleRate: Int? = nil, of bounds: SongBounds? = nil
  ) throws(AudioDecodingError) -> DecodedAudio {
    let part = AudioPart(excerpt, sampleRate: sampleRate, of: bounds)
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
      let reader = try open(path, parts, canTakeBack: true)
      for (index, part) in reader.parts.enumerated() {
        samples[index].reserveCapacity(min(part.expectedCount, largestReservation))
      }
      try reader.forEachBlock { index in
        samples[index].removeAll(keepingCapacity: true)
      } _: { index, block in
        samples[index].append(contentsOf: block)
        return true
      }
      return reader
    }
    return zip(samples, reader.parts).enumerated().map { index, heard in
      let (samples, part) = heard
      return DecodedAudio(
        samples: samples, sampleRate: part.sampleRate,
        startTime: Double(part.wanted.lowerBound) / Double(part.sampleRate), info: reader.info(ofPart: index),
        soundDigest: reader.soundDigest)
    }
  }

  /// Decodes a file, or a part of it, block by block in constant memory.
  ///
  /// That a file is truncated or corrupted may show only after blocks of it were delivered. Whether channels cancel each
  /// other is decided before the first block: over the first ten seconds with sound, and, if these cancel, over all. If
  /// they cancel for 3 s later, the loudest channel is delivered from there on.
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
      let reader = try open(path, [AudioPart(excerpt, sampleRate: sampleRate)], canTakeBack: false)
      try reader.forEachBlock { _, block in
        do {
          return try body(block)
        } catch {
          failure = error
          return false
        }
      }
      return reader.info(ofPart: 0)
    }
    if let failure { throw failure }
    return info
  }

  /// The most samples that memory is reserved for because a header promises them: three minutes at 22,050 Hz.
  private static let largestReservation = 1 << 22

  private static func open(
    _ path: String, _ parts: [AudioPart], canTakeBack: Bool
  ) throws(AudioDecodingError) -> ExcerptReader {
    for sampleRate in parts.compactMap(\.sampleRate) {
      precondition(sampleRates.contains(sampleRate), "a sample rate of \(sampleRate) Hz is not in \(sampleRates)")
    }
    return try ExcerptReader(path: path, parts: parts, canTakeBack: canTakeBack)
  }
}
