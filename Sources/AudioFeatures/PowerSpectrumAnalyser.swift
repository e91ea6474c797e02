import CKernels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Power spectra |X|² of Hann-windowed frames, one at a time, in buffers that stay in the first-level cache. Not for
/// several threads.
///
/// A real frame is transformed as half as many complex numbers; computing the power separates them.
final class PowerSpectrumAnalyser {
  let size: Int
  /// `size / 2 + 1`.
  let binCount: Int

  private let kernels: akin_mel_kernels
  private let window, frame, transformed, cosines, sines, power: AlignedFloats
  private let fourierTransform: ComplexFourierTransform

  /// - Parameter windowLength: How many samples in the middle of a frame the window covers; nil for all.
  /// - Throws: ``AudioFeatureError/transformUnavailable(fftSize:code:)``.
  init(size: Int, windowLength: Int? = nil, kernels: KernelChoice) throws(AudioFeatureError) {
    self.size = size
    self.kernels = kernels.melKernels
    binCount = size / 2 + 1
    fourierTransform = try ComplexFourierTransform(size: size / 2)
    let length = windowLength ?? size
    precondition(length <= size, "a window of \(length) samples in a frame of \(size)")
    let leading = [Float](repeating: 0, count: (size - length) / 2)
    let trailing = [Float](repeating: 0, count: size - length - leading.count)
    window = AlignedFloats(leading + HannWindow(length: length).values + trailing)
    frame = AlignedFloats(count: size)
    transformed = AlignedFloats(count: size)
    let angles = (0...size / 4).map { 2 * Double.pi * Double($0) / Double(size) }
    cosines = AlignedFloats(angles.map { Float(cos($0)) })
    sines = AlignedFloats(angles.map { Float(sin($0)) })
    power = AlignedFloats(count: PackedMelFilterBank.padded(binCount))
  }

  /// The spectrum of the frame that begins at a sample, which may lie before the first one: `binCount` values, and zeros
  /// up to a whole vector. Valid until the next call.
  func spectrum(from start: Int, of samples: UnsafeBufferPointer<Float>) -> UnsafePointer<Float> {
    windowFrame(from: start, of: samples)
    fourierTransform(frame, into: transformed)
    kernels.power_spectrum(transformed.pointer, cosines.pointer, sines.pointer, power.pointer, Int64(size / 2))
    return UnsafePointer(power.pointer)
  }

  /// Fills `frame` with window × samples, zero where there are none.
  private func windowFrame(from start: Int, of samples: UnsafeBufferPointer<Float>) {
    let present = max(0, start)..<max(0, start, min(samples.count, start + size))
    let leading = min(size, present.lowerBound - start)
    let trailing = leading + present.count
    frame.pointer.update(repeating: 0, count: leading)
    if let base = samples.baseAddress, !present.isEmpty {
      kernels.apply_window(
        base + present.lowerBound, window.pointer + leading, frame.pointer + leading, Int64(present.count))
    }
    (frame.pointer + trailing).update(repeating: 0, count: size - trailing)
  }
}
