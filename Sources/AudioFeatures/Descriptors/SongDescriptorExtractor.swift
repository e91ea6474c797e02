/// Makes song descriptors from samples at 22,050 Hz. All parts, and the fingerprint, share one log-mel spectrogram: 256
/// mel bands, frames of 2048 samples, 1024 apart, in dB relative to the song's maximum with a floor 80 dB below it, so
/// that loudness does not count.
///
/// Owns its plan and its buffers and so cannot be shared between threads: each worker makes one and keeps it. Give it
/// an excerpt of bounded length, such as the 30 s around a song's middle, which takes about 5 ms, a third of that for
/// the mel bands: memory grows by about 60 KB for each second of sound.
public final class SongDescriptorExtractor {
  /// In Hz.
  public static let sampleRate = FineMelExtractor.sampleRate

  private let mel: FineMelExtractor
  private var covarianceDescriptor: CovarianceDescriptor
  private let fluctuationPattern: FluctuationPattern

  /// Plans the transforms and lays out the mel bands.
  ///
  /// - Throws: ``AudioFeatureError/transformUnavailable(fftSize:code:)``.
  public convenience init() throws(AudioFeatureError) { try self.init(kernels: .fastest) }

  package init(kernels: KernelChoice) throws(AudioFeatureError) {
    mel = try FineMelExtractor(kernels: kernels)
    covarianceDescriptor = CovarianceDescriptor(melBandCount: FineMelExtractor.bandCount, kernels: kernels)
    fluctuationPattern = try FluctuationPattern(
      frameRate: Double(Self.sampleRate) / Double(FineMelExtractor.hopLength), kernels: kernels)
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
    descriptor(ofMels: [mel.decibels(of: samples)])
  }

  /// The descriptor of several excerpts of one song, each mono samples at ``sampleRate``: the same statistics over the
  /// frames and blocks of all of them, none of which reaches from one excerpt into another. At least one excerpt; of
  /// one, it is the descriptor of its samples.
  public func descriptor(ofExcerpts excerpts: [[Float]]) -> SongDescriptor {
    precondition(!excerpts.isEmpty, "a song of no excerpts")
    return descriptor(ofMels: mels(of: excerpts))
  }

  /// The log-mel spectrograms that all parts, the fingerprint and some networks share: of each excerpt frames ×
  /// ``melBandCount``, in dB from -80 to 0, relative to the loudest of all excerpts.
  package func mels(of excerpts: [[Float]]) -> [[Float]] { mel.decibels(of: excerpts) }

  /// The number of bands of ``mels(of:)``.
  package static let melBandCount = FineMelExtractor.bandCount

  /// The descriptor of excerpts, given as ``mels(of:)``.
  package func descriptor(ofMels decibels: [[Float]]) -> SongDescriptor {
    let bands = decibels.map { BandAverages(of: $0, width: 8, bandCount: SpectralPattern.bandCount) }
    let broadBands = bands.map { BandAverages(of: $0.values, width: 2, bandCount: FluctuationPattern.bandCount) }
    return SongDescriptor(
      values: covarianceDescriptor(of: decibels) + SpectralPattern.values(of: bands)
        + DeltaSpectralPattern.values(of: bands) + fluctuationPattern.values(of: broadBands))
  }
}
