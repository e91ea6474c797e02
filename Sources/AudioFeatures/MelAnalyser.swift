import CKernels

/// Computes absolute mel decibels from samples, for log-mel and MFCC: power spectrum, mel bands, logarithm, one frame at a
/// time.
final class MelAnalyser {
  let hopLength: Int
  let melBandCount: Int

  private let kernels: akin_mel_kernels
  private let spectra: PowerSpectrumAnalyser
  private let bank: PackedMelFilterBank

  init(
    fftSize: Int, hopLength: Int, bank: MelFilterBank, kernels: KernelChoice
  ) throws(AudioFeatureError) {
    self.hopLength = hopLength
    self.kernels = kernels.melKernels
    melBandCount = bank.bands.count
    spectra = try PowerSpectrumAnalyser(size: fftSize, kernels: kernels)
    self.bank = PackedMelFilterBank(bank)
  }

  func frameCount(ofSampleCount sampleCount: Int) -> Int { 1 + sampleCount / hopLength }

  /// Absolute decibels, `frameCount` × `melBandCount`: a frame around every `hopLength`-th sample.
  func decibels(of samples: UnsafeBufferPointer<Float>) -> [Float] {
    let frameCount = frameCount(ofSampleCount: samples.count)
    let valueCount = frameCount * melBandCount
    // The kernel writes whole vectors: past a frame's end into the next frame, and past the last into the spare values.
    let spare = bank.paddedBandCount - melBandCount
    return [Float](unsafeUninitializedCapacity: valueCount + spare) { output, count in
      guard let start = output.baseAddress else { return }
      for index in 0..<frameCount {
        let power = spectra.spectrum(from: index * hopLength - spectra.size / 2, of: samples)
        bank.withUnsafeBank { kernels.mel_decibels($0, power, start + index * melBandCount) }
      }
      count = valueCount
    }
  }
}
