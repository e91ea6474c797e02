import CKernels

/// The strength of each mel band over time, in decibels.
///
/// From ``LogMelExtractor`` the decibels are absolute, `10 log10(max(1e-10, S))` of the power S, so -100 dB for
/// silence; from ``excerpt(startingAt:frameCount:dynamicRange:)`` they are relative to the excerpt's maximum. Always
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
  /// As `librosa.power_to_db(S, ref=np.max, top_db=dynamicRange)` of those frames. Digital silence is therefore 0 dB
  /// throughout, as in librosa, and as models trained on such log-mels know it. If the song ends before the excerpt,
  /// the rest is filled with `-dynamicRange`, which does not count for the maximum.
  ///
  /// - Parameters:
  ///   - start: the first frame (≥ 0), possibly past the end of the song.
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

  /// The excerpt around the middle of the song; the whole song, padded, if it is shorter.
  public func middleExcerpt(frameCount: Int, dynamicRange: Float = 80) -> LogMelSpectrogram {
    excerpt(
      startingAt: max(0, (self.frameCount - frameCount) / 2), frameCount: frameCount, dynamicRange: dynamicRange)
  }
}
