import CKernels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Computes absolute mel decibels from samples, for log-mel and MFCC: frame, window, transform, power, mel bands,
/// logarithm, one frame at a time in buffers that stay in the first-level cache.
///
/// A real frame is transformed as half as many complex numbers; computing the power separates them.
final class MelAnalyser {
  let fftSize: Int
  let hopLength: Int
  let melBandCount: Int

  private let kernels: akin_mel_kernels
  private let window: AlignedFloats
  private let fourierTransform: ComplexFourierTransform
  private let frame: AlignedFloats
  private let transformed: AlignedFloats
  private let cosines: AlignedFloats
  private let sines: AlignedFloats
  private let power: AlignedFloats
  private let bank: PackedMelFilterBank

  init(
    fftSize: Int, hopLength: Int, bank: MelFilterBank, kernels: KernelChoice
  ) throws(AudioFeatureError) {
    self.fftSize = fftSize
    self.hopLength = hopLength
    self.kernels = kernels.melKernels
    melBandCount = bank.bands.count
    fourierTransform = try ComplexFourierTransform(size: fftSize / 2)
    window = AlignedFloats(HannWindow(length: fftSize).values)
    frame = AlignedFloats(count: fftSize)
    transformed = AlignedFloats(count: fftSize)
    let angles = (0...fftSize / 4).map { 2 * Double.pi * Double($0) / Double(fftSize) }
    cosines = AlignedFloats(angles.map { Float(cos($0)) })
    sines = AlignedFloats(angles.map { Float(sin($0)) })
    power = AlignedFloats(count: PackedMelFilterBank.padded(bank.binCount))
    self.bank = PackedMelFilterBank(bank)
  }

  func frameCount(ofSampleCount sampleCount: Int) -> Int { 1 + sampleCount / hopLength }

  /// Absolute decibels, `frameCount` × `melBandCount`.
  func decibels(of samples: UnsafeBufferPointer<Float>) -> [Float] {
    let frameCount = frameCount(ofSampleCount: samples.count)
    let valueCount = frameCount * melBandCount
    // The kernel writes whole vectors: past a frame's end into the next frame, and past the last into the spare values.
    let spare = bank.paddedBandCount - melBandCount
    return [Float](unsafeUninitializedCapacity: valueCount + spare) { output, count in
      guard let start = output.baseAddress else { return }
      for index in 0..<frameCount {
        windowFrame(index, of: samples)
        fourierTransform(frame, into: transformed)
        kernels.power_spectrum(
          transformed.pointer, cosines.pointer, sines.pointer, power.pointer, Int64(fftSize / 2))
        bank.withUnsafeBank { kernels.mel_decibels($0, power.pointer, start + index * melBandCount) }
      }
      count = valueCount
    }
  }

  /// Fills `frame` with window × samples around sample `index * hopLength`, zero where there are none.
  private func windowFrame(_ index: Int, of samples: UnsafeBufferPointer<Float>) {
    let start = index * hopLength - fftSize / 2
    let present = max(0, start)..<max(0, start, min(samples.count, start + fftSize))
    let leading = min(fftSize, present.lowerBound - start)
    let trailing = leading + present.count
    frame.pointer.update(repeating: 0, count: leading)
    if let base = samples.baseAddress, !present.isEmpty {
      kernels.apply_window(
        base + present.lowerBound, window.pointer + leading, frame.pointer + leading, Int64(present.count))
    }
    (frame.pointer + trailing).update(repeating: 0, count: fftSize - trailing)
  }
}
