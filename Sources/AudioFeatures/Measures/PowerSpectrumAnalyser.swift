import CKernels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Power spectra |X|² of Hann-windowed frames, one at a time, in buffers that stay in the cache. Not for several
/// threads.
final class PowerSpectrumAnalyser {
  let size: Int
  /// `size / 2 + 1`.
  let binCount: Int

  private let kernels: akin_mel_kernels
  private let window, frame, transformed, cosines, sines, power: AlignedFloats
  private let fourierTransform: ComplexFourierTransform

  /// - Throws: ``AudioFeatureError/transformUnavailable(fftSize:code:)``.
  init(size: Int, kernels: KernelChoice) throws(AudioFeatureError) {
    self.size = size
    self.kernels = kernels.melKernels
    binCount = size / 2 + 1
    fourierTransform = try ComplexFourierTransform(size: size / 2)
    window = AlignedFloats(HannWindow(length: size).values)
    frame = AlignedFloats(count: size)
    transformed = AlignedFloats(count: size)
    let angles = (0...size / 4).map { 2 * Double.pi * Double($0) / Double(size) }
    cosines = AlignedFloats(angles.map { Float(cos($0)) })
    sines = AlignedFloats(angles.map { Float(sin($0)) })
    power = AlignedFloats(count: PackedMelFilterBank.padded(binCount))
  }

  /// How many frames lie within samples; one, filled up with silence, of fewer samples than a frame has.
  func frameCount(ofSampleCount count: Int, hopLength: Int) -> Int { 1 + max(0, count - size) / hopLength }

  /// The spectrum of the frame that begins at a sample: `binCount` values, and zeros up to a whole vector. Valid until
  /// the next call.
  func spectrum(from start: Int, of samples: UnsafeBufferPointer<Float>) -> UnsafePointer<Float> {
    let present = max(0, min(size, samples.count - start))
    if let base = samples.baseAddress, present > 0 {
      kernels.apply_window(base + start, window.pointer, frame.pointer, Int64(present))
    }
    (frame.pointer + present).update(repeating: 0, count: size - present)
    fourierTransform(frame, into: transformed)
    kernels.power_spectrum(transformed.pointer, cosines.pointer, sines.pointer, power.pointer, Int64(size / 2))
    return UnsafePointer(power.pointer)
  }
}
