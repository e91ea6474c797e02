#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Makes the mel spectrograms of a ``MelFrontEnd``.
///
/// Owns its plan and its buffers and so cannot be shared between threads.
public final class MelFrontEndExtractor {
  /// What it makes.
  public let frontEnd: MelFrontEnd
  private let spectra: PowerSpectrumAnalyser
  private let bank: MelFilterBank

  /// Plans the transform and lays out the mel bands.
  ///
  /// - Throws: ``AudioFeatureError``.
  public init(_ frontEnd: MelFrontEnd) throws(AudioFeatureError) {
    try frontEnd.check()
    self.frontEnd = frontEnd
    spectra = try PowerSpectrumAnalyser(
      size: frontEnd.fftSize, windowLength: frontEnd.windowLength, kernels: .fastest)
    bank = try MelFilterBank(
      sampleRate: frontEnd.sampleRate, fftSize: frontEnd.fftSize, bandCount: frontEnd.melBandCount,
      minimumFrequency: frontEnd.minimumFrequency, maximumFrequency: frontEnd.maximumFrequency, scale: frontEnd.scale,
      norm: frontEnd.norm, slopes: frontEnd.slopes)
  }

  /// The spectrogram of mono samples at the front end's rate: `frontEnd.frameCount(ofSampleCount:)` × bands, one frame
  /// after another.
  public func spectrogram(of samples: [Float]) -> [Float] {
    let frameCount = frontEnd.frameCount(ofSampleCount: samples.count)
    let half = frontEnd.fftSize / 2
    let (signal, first) =
      switch frontEnd.framing {
      case .zeros: (samples, -half)
      case .reflection: (Self.reflected(samples, by: half), 0)
      // The window lies in the middle of the transform.
      case .inside: (samples, -((frontEnd.fftSize - frontEnd.windowLength) / 2))
      }
    var values: [Float] = []
    values.reserveCapacity(frameCount * bank.bands.count)
    signal.withUnsafeBufferPointer { signal in
      var spectrum = [Float](repeating: 0, count: spectra.binCount)
      for frame in 0..<frameCount {
        let power = spectra.spectrum(from: first + frame * frontEnd.hopLength, of: signal)
        for bin in spectrum.indices {
          spectrum[bin] = frontEnd.spectrum == .power ? power[bin] : power[bin].squareRoot()
        }
        for band in bank.bands {
          var sum: Float = 0
          for (offset, weight) in band.weights.enumerated() { sum += weight * spectrum[band.firstBin + offset] }
          values.append(compressed(sum))
        }
      }
    }
    return values
  }

  private func compressed(_ value: Float) -> Float {
    let value = frontEnd.roundsToHalf ? Self.roundedToHalf(value) : value
    let raised = max(Float(frontEnd.floor), Float(frontEnd.gain) * value + Float(frontEnd.offset))
    let compressed =
      switch frontEnd.compression {
      case .none: raised
      case .decibels: 10 * log10f(raised)
      case .log10: log10f(raised)
      case .natural: logf(raised)
      }
    return (compressed - Float(frontEnd.mean)) / Float(frontEnd.deviation)
  }

  /// The nearest number that IEEE 754 binary16 has, ties to even, of a number that is not negative; at most 65,504. By
  /// hand, since `Float16` is missing on Intel Macs.
  static func roundedToHalf(_ value: Float) -> Float {
    guard value > 0 else { return 0 }
    guard value < 65_504 else { return 65_504 }
    let step = Float(sign: .plus, exponent: max(-14, Int(value.exponent)) - 10, significand: 1)
    return (value / step).rounded(.toNearestOrEven) * step
  }

  /// The samples with `count` more before and behind them, mirrored at the first and the last sample, which are not
  /// repeated; as often as it takes. Of no samples, silence.
  private static func reflected(_ samples: [Float], by count: Int) -> [Float] {
    guard samples.count > 1 else {
      return [Float](repeating: samples.first ?? 0, count: samples.count + 2 * count)
    }
    let period = 2 * (samples.count - 1)
    return (-count..<samples.count + count).map { place in
      let inside = ((place % period) + period) % period
      return samples[inside < samples.count ? inside : period - inside]
    }
  }
}
