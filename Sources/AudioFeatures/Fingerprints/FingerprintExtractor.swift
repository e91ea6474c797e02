/// Makes fingerprints from samples at 22,050 Hz, where no descriptor is wanted.
///
/// Owns its buffers and so cannot be shared between threads. 30 s take about 1.6 ms.
public final class FingerprintExtractor {
  /// In Hz.
  public static let sampleRate = FineMelExtractor.sampleRate
  /// So many seconds of the middle of a file are usually heard: those that the descriptor hears.
  public static let excerptSeconds = 30.0
  /// So many seconds of the middle are heard if the whole of a file is wanted, so that memory does not grow with it.
  public static let longestSeconds = 600.0

  private let mel: FineMelExtractor

  /// Plans the transforms and lays out the mel bands.
  ///
  /// - Throws: ``AudioFeatureError/transformUnavailable(fftSize:code:)``.
  public init() throws(AudioFeatureError) { mel = try FineMelExtractor(kernels: .fastest) }

  /// The fingerprint of mono samples at ``sampleRate``; without words if there are fewer than 0.7 s of them.
  public func fingerprint(of samples: [Float]) -> Fingerprint {
    Fingerprint(decibels: samples.withUnsafeBufferPointer { mel.decibels(of: $0) })
  }
}
