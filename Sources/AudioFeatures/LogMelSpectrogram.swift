import CKernels

/// The strength of each mel band over time, in decibels.
///
/// Out of ``LogMelExtractor`` the decibels are absolute, `10 log10(max(1e-10, S))` of the power S, thus -100 dB for
/// silence; out of ``excerpt(startingAt:frameCount:dynamicRange:)`` they are relative to the excerpt's maximum. Always
/// finite.
public struct LogMelSpectrogram: Sendable, Hashable {
  /// Number of frames.
  public let frameCount: Int
  /// Number of mel bands.
  public let melBandCount: Int
  /// The decibels, `frameCount` × `melBandCount`, one frame after another.
  public let decibels: [Float]

  /// Wraps decibels, one frame after another.
  public init(frameCount: Int, melBandCount: Int, decibels: [Float]) {
    precondition(
      frameCount >= 0 && melBandCount >= 1 && decibels.count == frameCount * melBandCount,
      "\(decibels.count) values are not \(frameCount) frames of \(melBandCount) bands")
    self.frameCount = frameCount
    self.melBandCount = melBandCount
    self.decibels = decibels
  }

  /// The frames asked for, in dB relative to their own maximum, none below `-dynamicRange`.
  ///
  /// As `librosa.power_to_db(S, ref=np.max, top_db=dynamicRange)` of those frames. So digital silence, whose maximum
  /// is itself, is 0 dB throughout; librosa has it so, and a model trained on its log-mels met it so.
  /// Where the song ends before the excerpt does, its frames come first and the rest is `-dynamicRange`; they do not
  /// take part in the maximum.
  ///
  /// - Parameters:
  ///   - start: the first frame (≥ 0); may lie past the song's end.
  ///   - frameCount: number of frames of the result (≥ 0).
  ///   - dynamicRange: how far below the maximum the floor is, in dB (≥ 0).
  public func excerpt(startingAt start: Int, frameCount: Int, dynamicRange: Float = 80) -> LogMelSpectrogram {
    precondition(start >= 0 && frameCount >= 0, "No excerpt has \(frameCount) frames from frame \(start)")
    precondition(dynamicRange >= 0, "The dynamic range is \(dynamicRange) dB but cannot be negative")
    let first = min(start, self.frameCount)
    let present = min(frameCount, self.frameCount - first)
    let relative = decibels[first * melBandCount..<(first + present) * melBandCount].withUnsafeBufferPointer { song in
      [Float](unsafeUninitializedCapacity: frameCount * melBandCount) { output, count in
        if let source = song.baseAddress, let target = output.baseAddress, !song.isEmpty {
          let kernels = KernelChoice.fastest.melKernels
          let maximum = kernels.maximum(source, Int64(song.count))
          kernels.subtract_and_floor(source, maximum, -dynamicRange, target, Int64(song.count))
        }
        output[song.count..<frameCount * melBandCount].initialize(repeating: -dynamicRange)
        count = frameCount * melBandCount
      }
    }
    return LogMelSpectrogram(frameCount: frameCount, melBandCount: melBandCount, decibels: relative)
  }

  /// The excerpt around the middle of the song; all of it, padded, where the song is shorter.
  public func middleExcerpt(frameCount: Int, dynamicRange: Float = 80) -> LogMelSpectrogram {
    excerpt(
      startingAt: max(0, (self.frameCount - frameCount) / 2), frameCount: frameCount, dynamicRange: dynamicRange)
  }
}
