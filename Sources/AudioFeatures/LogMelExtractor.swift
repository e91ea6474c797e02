/// Makes log-mel spectrograms from samples, as librosa 0.11's `melspectrogram` and `power_to_db` do: frames centred on
/// every `hopLength`-th sample with zeros beyond the ends, periodic Hann window, power, mel bands (Slaney scale and
/// norm), decibels.
///
/// Owns its plan and its buffers, so it is not shared between threads: each worker makes one and keeps it.
/// About 2.5 µs a frame of 2048 samples; nothing is allocated but the result.
public final class LogMelExtractor {
  /// What it was made with.
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
  /// Any samples are accepted: frames with infinities or not-a-number have decibels of no meaning, but finite ones.
  public func spectrogram(of samples: [Float]) -> LogMelSpectrogram {
    samples.withUnsafeBufferPointer { spectrogram(of: $0) }
  }

  /// The same for samples in memory that something else owns.
  public func spectrogram(of samples: UnsafeBufferPointer<Float>) -> LogMelSpectrogram {
    LogMelSpectrogram(
      frameCount: analyser.frameCount(ofSampleCount: samples.count), melBandCount: analyser.melBandCount,
      decibels: analyser.decibels(of: samples))
  }
}
