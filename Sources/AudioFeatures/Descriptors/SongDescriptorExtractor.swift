import CKernels

/// Makes song descriptors from samples at 22,050 Hz. All parts share one log-mel spectrogram: 256 mel bands, frames of
/// 2048 samples, 1024 apart, in dB relative to the song's maximum with a floor 80 dB below it, so that loudness does
/// not count.
///
/// Owns its plan and its buffers and so cannot be shared between threads: each worker makes one and keeps it. Give it
/// an excerpt of bounded length, such as the 30 s around a song's middle, which takes about 5 ms, a third of that for
/// the mel bands: memory grows by about 60 KB for each second of sound.
public final class SongDescriptorExtractor {
  /// In Hz.
  public static let sampleRate = 22_050

  private static let fftSize = 2048
  private static let hopLength = 1024
  private static let melBandCount = 256
  private static let dynamicRange: Float = 80

  private let analyser: MelAnalyser
  private let kernels: KernelChoice
  private var covarianceDescriptor: CovarianceDescriptor
  private let fluctuationPattern: FluctuationPattern

  /// Plans the transforms and lays out the mel bands.
  ///
  /// - Throws: ``AudioFeatureError/transformUnavailable(fftSize:code:)``.
  public convenience init() throws(AudioFeatureError) { try self.init(kernels: .fastest) }

  package init(kernels: KernelChoice) throws(AudioFeatureError) {
    self.kernels = kernels
    let bank = try MelFilterBank(
      sampleRate: Self.sampleRate, fftSize: Self.fftSize, bandCount: Self.melBandCount)
    analyser = try MelAnalyser(fftSize: Self.fftSize, hopLength: Self.hopLength, bank: bank, kernels: kernels)
    covarianceDescriptor = CovarianceDescriptor(melBandCount: Self.melBandCount, kernels: kernels)
    fluctuationPattern = try FluctuationPattern(
      frameRate: Double(Self.sampleRate) / Double(Self.hopLength), kernels: kernels)
  }

  /// The descriptor of mono samples at ``sampleRate``.
  ///
  /// Any samples are accepted: no samples count as silence, and a song shorter than a block of frames is repeated to
  /// fill it. Samples that are infinite or NaN make the values of their frames meaningless, but still finite.
  public func descriptor(of samples: [Float]) -> SongDescriptor {
    samples.withUnsafeBufferPointer { descriptor(of: $0) }
  }

  /// The same for samples in memory that the caller owns.
  public func descriptor(of samples: UnsafeBufferPointer<Float>) -> SongDescriptor {
    let decibels = relativeDecibels(of: samples)  // frames × 256
    let bands = BandAverages(of: decibels, width: 8, bandCount: SpectralPattern.bandCount)
    let broadBands = BandAverages(of: bands.values, width: 2, bandCount: FluctuationPattern.bandCount)
    return SongDescriptor(
      values: covarianceDescriptor(of: decibels) + SpectralPattern.values(of: bands)
        + DeltaSpectralPattern.values(of: bands) + fluctuationPattern.values(of: broadBands))
  }

  private func relativeDecibels(of samples: UnsafeBufferPointer<Float>) -> [Float] {
    var decibels = analyser.decibels(of: samples)
    let loops = kernels.melKernels
    decibels.withUnsafeMutableBufferPointer { decibels in
      guard let first = decibels.baseAddress else { return }
      let maximum = loops.maximum(first, Int64(decibels.count))
      loops.subtract_and_floor(first, maximum, -Self.dynamicRange, first, Int64(decibels.count))
    }
    return decibels
  }
}
