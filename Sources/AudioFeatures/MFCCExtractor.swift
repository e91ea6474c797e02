import CKernels

/// Makes mel-frequency cepstral coefficients, and the statistics over them that are the paper's baseline (2.2), as
/// librosa 0.11's `feature.mfcc` does with its defaults: power mel spectrogram, decibels (reference 1, floor 80 dB
/// below the maximum of all frames), orthonormal DCT-II.
///
/// Owns its plan and its buffers and so cannot be shared between threads: each worker makes one and keeps it.
public final class MFCCExtractor {
  /// The configuration that it was made with.
  public let configuration: MFCCConfiguration

  /// How far below the maximum of all frames the decibels are cut off.
  private static let dynamicRange: Float = 80

  private let cosineTransform: CosineTransform
  private let kernels: KernelChoice
  /// Kept, since most songs have the same rate.
  private var latest: (sampleRate: Int, analyser: MelAnalyser)?

  /// Prepares the cosine transform; the rest depends on the sample rate.
  public convenience init(configuration: MFCCConfiguration = MFCCConfiguration()) {
    self.init(configuration: configuration, kernels: .fastest)
  }

  package init(configuration: MFCCConfiguration, kernels: KernelChoice) {
    self.configuration = configuration
    self.kernels = kernels
    cosineTransform = CosineTransform(
      inputCount: configuration.melBandCount, coefficientCount: configuration.coefficientCount,
      kernels: kernels)
  }

  /// The coefficients of mono samples: `1 + count / hopLength` frames.
  ///
  /// - Parameters:
  ///   - samples: any; infinite ones and NaN make their frames meaningless, but still finite.
  ///   - sampleRate: in Hz.
  /// - Throws: ``AudioFeatureError`` if the sample rate or the transform's size is impossible.
  public func coefficients(of samples: [Float], sampleRate: Int) throws(AudioFeatureError) -> MFCC {
    try coefficients(ofExcerpts: [samples], sampleRate: sampleRate)
  }

  /// The coefficients of several excerpts, one after another.
  private func coefficients(ofExcerpts excerpts: [[Float]], sampleRate: Int) throws(AudioFeatureError) -> MFCC {
    let analyser = try analyser(at: sampleRate)
    var decibels: [Float] = []
    for samples in excerpts { decibels += samples.withUnsafeBufferPointer { analyser.decibels(of: $0) } }
    let loops = kernels.melKernels
    decibels.withUnsafeMutableBufferPointer { decibels in
      guard let first = decibels.baseAddress else { return }
      let floor = loops.maximum(first, Int64(decibels.count)) - Self.dynamicRange
      loops.subtract_and_floor(first, 0, floor, first, Int64(decibels.count))
    }
    return MFCC(
      frameCount: decibels.count / configuration.melBandCount,
      coefficientCount: configuration.coefficientCount, values: cosineTransform(rows: decibels))
  }

  /// The statistics of the coefficients over the frames, 7 × `coefficientCount` (140 by default), statistic by
  /// statistic: see ``MFCC/statistics()``.
  ///
  /// - Throws: ``AudioFeatureError`` if the sample rate or the transform's size is impossible.
  public func statistics(of samples: [Float], sampleRate: Int) throws(AudioFeatureError) -> [Float] {
    try coefficients(of: samples, sampleRate: sampleRate).statistics()
  }

  /// The statistics over the frames of several excerpts of one song, with one floor below the maximum of all of them. At
  /// least one excerpt.
  ///
  /// - Throws: As ``statistics(of:sampleRate:)``.
  public func statistics(ofExcerpts excerpts: [[Float]], sampleRate: Int) throws(AudioFeatureError) -> [Float] {
    try coefficients(ofExcerpts: excerpts, sampleRate: sampleRate).statistics()
  }

  private func analyser(at sampleRate: Int) throws(AudioFeatureError) -> MelAnalyser {
    if let latest, latest.sampleRate == sampleRate { return latest.analyser }
    let bank = try MelFilterBank(
      sampleRate: sampleRate, fftSize: configuration.fftSize, bandCount: configuration.melBandCount)
    let analyser = try MelAnalyser(
      fftSize: configuration.fftSize, hopLength: configuration.hopLength, bank: bank, kernels: kernels)
    latest = (sampleRate, analyser)
    return analyser
  }
}
