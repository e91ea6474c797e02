/// Makes log-mel spectrograms from samples, as librosa 0.11's `melspectrogram` and `power_to_db` do: frames centred on
/// every `hopLength`-th sample with zeros beyond the ends, periodic Hann window, power, mel bands (Slaney scale and
/// norm), decibels.
///
/// Owns its plan and its buffers and so cannot be shared between threads: each worker makes one and keeps it. A frame
/// of 2048 samples takes about 2.5 µs; only the result is allocated.
public final class LogMelExtractor {
  /// The configuration that it was made with.
  public let configuration: LogMelConfiguration
  private let analyser: MelAnalyser

  /// Plans the transform and lays out the mel bands.
  ///
  /// - Throws: ``AudioFeatureError/transformUnavailable(fftSize:code:)``.
  public convenience init(configuration: LogMelConfiguration = LogMelConfiguration()) throws(AudioFeatureError) {
    try self.init(configuration: configuration, kernels: .fastest)
  }

  package init(configuration: LogMelConfiguration, kernels: KernelChoice) throws(AudioFeatureError) {
    self.configuration = configuration
    let bank = try MelFilterBank(
      sampleRate: configuration.sampleRate, fftSize: configuration.fftSize, bandCount: configuration.melBandCount,
      minimumFrequency: configuration.minimumFrequency, maximumFrequency: configuration.maximumFrequency)
    analyser = try MelAnalyser(
      fftSize: configuration.fftSize, hopLength: configuration.hopLength, bank: bank, kernels: kernels)
  }

  /// The spectrogram in absolute dB of mono samples at the configuration's sample rate: `1 + count / hopLength` frames.
  ///
  /// Any samples are accepted: infinite ones and NaN make the decibels of their frames meaningless, but still finite.
  public func spectrogram(of samples: [Float]) -> LogMelSpectrogram {
    samples.withUnsafeBufferPointer { spectrogram(of: $0) }
  }

  /// The same for samples in memory that the caller owns.
  public func spectrogram(of samples: UnsafeBufferPointer<Float>) -> LogMelSpectrogram {
    LogMelSpectrogram(
      frameCount: analyser.frameCount(ofSampleCount: samples.count), melBandCount: analyser.melBandCount,
      decibels: analyser.decibels(of: samples))
  }
}
