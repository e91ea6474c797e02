import CKernels

/// Measures tempo, loudness and brightness of samples at 22,050 Hz.
///
/// Owns its plans and buffers and so cannot be shared between threads.
public final class SoundMeter {
  /// In Hz.
  public static let sampleRate = FineMelExtractor.sampleRate
  /// Counts up whenever what is measured changes.
  public static let version = 1

  private static let frameSize = 1024
  private static let hopLength = 512
  private static let bandCount = 40
  /// Every so many frames one says how bright it is: roots of all bins are most of the work, and eleven in a
  /// second are enough for a mean over 30 s.
  private static let centroidStep = 4
  /// Frames that are so much weaker than the strongest one say nothing of the brightness.
  private static let quiet: Float = 1e-6

  private let spectra: PowerSpectrumAnalyser
  private let bank: PackedMelFilterBank
  private let kernels: KernelChoice
  /// The frequency of each bin, and its K-weighting; the ends count half, since all other bins stand for two.
  private let frequencies, weights: AlignedFloats
  private let vectorCount: Int

  /// Plans the transform.
  ///
  /// - Throws: ``AudioFeatureError/transformUnavailable(fftSize:code:)``.
  public init() throws(AudioFeatureError) {
    kernels = .fastest
    spectra = try PowerSpectrumAnalyser(size: Self.frameSize, kernels: kernels)
    bank = PackedMelFilterBank(
      try MelFilterBank(sampleRate: Self.sampleRate, fftSize: Self.frameSize, bandCount: Self.bandCount))
    let hertz = (0..<spectra.binCount).map { Double($0 * Self.sampleRate) / Double(Self.frameSize) }
    let padding = [Float](repeating: 0, count: PackedMelFilterBank.padded(spectra.binCount) - spectra.binCount)
    frequencies = AlignedFloats(hertz.map { Float($0) } + padding)
    weights = AlignedFloats(
      hertz.enumerated().map { bin, hertz in
        Float(KWeighting.power(of: hertz) * (bin == 0 || bin == Self.frameSize / 2 ? 0.5 : 1))
      } + padding)
    vectorCount = frequencies.count / 8
  }

  /// What mono samples at ``sampleRate`` are like. Any samples are accepted.
  public func measures(of samples: [Float]) -> SoundMeasures {
    samples.withUnsafeBufferPointer { samples in
      var measures = SoundMeasures()
      measure(samples, &measures)
      return measures
    }
  }

  private func measure(_ samples: UnsafeBufferPointer<Float>, _ measures: inout SoundMeasures) {
    // Those that lie within the samples; one, filled up with silence, of fewer samples than a frame has.
    let frameCount = 1 + max(0, samples.count - Self.frameSize) / Self.hopLength
    var decibels = [Float](repeating: 0, count: frameCount * Self.bandCount + bank.paddedBandCount)
    var (powers, centroids, strengths): ([Double], [Float], [Float]) = ([], [], [])
    // The mean square that a sum of half a spectrum stands for; two speakers play it.
    let scale = 2 * 2 / (Double(Self.frameSize) * 0.375 * Double(Self.frameSize))
    for frame in 0..<frameCount {
      let power = spectra.spectrum(from: frame * Self.hopLength, of: samples)
      decibels.withUnsafeMutableBufferPointer { decibels in
        guard let start = decibels.baseAddress else { return }
        bank.withUnsafeBank { kernels.melKernels.mel_decibels($0, power, start + frame * Self.bandCount) }
      }
      powers.append(scale * Double(weightedSum(power)))
      guard frame.isMultiple(of: Self.centroidStep) else { continue }
      let (magnitude, moment) = magnitudeSums(power)
      centroids.append(magnitude > 0 ? moment / magnitude : 0)
      strengths.append(magnitude)
    }
    guard powers.allSatisfy(\.isFinite), centroids.allSatisfy(\.isFinite) else { return }
    let frameRate = Double(Self.sampleRate) / Double(Self.hopLength)
    measures.tempo = TempoEstimator.tempo(
      ofDecibels: Array(decibels[..<(frameCount * Self.bandCount)]), bandCount: Self.bandCount, frameRate: frameRate)
    measures.loudness = Loudness.integrated(powers: powers, frameRate: frameRate)
    let least = Self.quiet.squareRoot() * (strengths.max() ?? 0)
    let heard = zip(centroids, strengths).filter { $0.1 > least }.map(\.0)
    if !heard.isEmpty { measures.brightness = Double(heard.reduce(0, +)) / Double(heard.count) }
  }

  /// Σ K-weighted power.
  private func weightedSum(_ power: UnsafePointer<Float>) -> Float {
    var sum = SIMD8<Float>.zero
    let (power, weights) = (UnsafeRawPointer(power), UnsafeRawPointer(weights.pointer))
    for offset in stride(from: 0, to: 32 * vectorCount, by: 32) {
      sum +=
        power.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
        * weights.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
    }
    return sum.sum()
  }

  /// Σ magnitude, Σ frequency · magnitude.
  private func magnitudeSums(_ power: UnsafePointer<Float>) -> (magnitude: Float, moment: Float) {
    var (magnitude, moment) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
    let (power, frequencies) = (UnsafeRawPointer(power), UnsafeRawPointer(frequencies.pointer))
    for offset in stride(from: 0, to: 32 * vectorCount, by: 32) {
      let root = power.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self).squareRoot()
      magnitude += root
      moment += root * frequencies.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
    }
    return (magnitude.sum(), moment.sum())
  }
}
