import CKernels
import Foundation

/// Resamples one channel by an integer factor, as from 44,100 to 22,050 Hz: a windowed sinc of which only the wanted
/// outputs are computed.
///
/// The filter is swresample's (Kaiser window, β = 9, 64 zero crossings, -6 dB at 0.95 of the new Nyquist frequency), so
/// that all rates sound alike, whichever resampler serves them. Before the beginning and after the end is silence.
final class Decimator {
  private let factor: Int
  private let tapCount: Int
  /// `factor` × `tapsPerPhase`, padded with zeros.
  private let taps: [Float]
  private let tapsPerPhase: Int

  /// Input that later outputs need, in the order of time.
  private let pending = SampleBuffer(capacity: 8192)
  private var pendingCount: Int
  private let phases = SampleBuffer(capacity: 8192)
  private let output = SampleBuffer(capacity: 4096)

  private static let crossings = 64.0
  private static let cutoff = 0.95
  private static let kaiserBeta = 9.0

  /// A resampler to 1/`factor` of the rate, `factor` more than 1.
  init(factor: Int) {
    let filter = Self.filter(factor: factor)
    self.factor = factor
    tapCount = filter.count
    let tapsPerPhase = (filter.count + factor - 1) / factor
    self.tapsPerPhase = tapsPerPhase
    taps = (0..<factor * tapsPerPhase).map { place in
      let tap = place % tapsPerPhase * factor + place / tapsPerPhase
      return tap < filter.count ? filter[tap] : 0
    }
    // Silence before the beginning, so that the filter is centred on the first sample for the first output.
    pendingCount = filter.count / 2
    pending.reserve(pendingCount)
  }

  /// The taps, an odd number of them, symmetric, with a sum of 1.
  private static func filter(factor: Int) -> [Float] {
    let bandwidth = cutoff / Double(factor)
    let reach = Int(crossings / bandwidth / 2)
    let taps = (-reach...reach).map { place in
      let x = Double.pi * Double(place) * bandwidth
      let edge = Double(place) / (Double(reach) + 0.5)
      return (x == 0 ? 1 : sin(x) / x) * besselI0(kaiserBeta * (1 - edge * edge).squareRoot())
    }
    let sum = taps.reduce(0, +)
    return taps.map { Float($0 / sum) }
  }

  /// The modified Bessel function of the first kind of order 0: Σ ((x/2)ᵏ / k!)².
  private static func besselI0(_ x: Double) -> Double {
    var (sum, term, k) = (1.0, 1.0, 1.0)
    while term > sum * 1e-17 {
      term *= x * x / (4 * k * k)
      sum += term
      k += 1
    }
    return sum
  }

  /// The outputs that can be computed with these samples, which follow those of the previous call; valid until the next
  /// call.
  func convert(_ samples: UnsafeMutableBufferPointer<Float>) -> UnsafeMutableBufferPointer<Float> {
    pending.reserve(pendingCount + samples.count, keeping: pendingCount)
    if let base = samples.baseAddress { (pending.samples + pendingCount).update(from: base, count: samples.count) }
    pendingCount += samples.count
    let count = pendingCount < tapCount ? 0 : (pendingCount - tapCount) / factor + 1
    let stride = count + tapsPerPhase - 1 + Int(AKIN_DECIMATION_SPARE)
    takeApart(stride: stride)
    output.reserve(count)
    let decimation = akin_decimation(
      factor: Int32(factor), tapsPerPhase: Int32(tapsPerPhase), phaseStride: Int64(stride))
    withUnsafePointer(to: decimation) { akin_decimate($0, phases.samples, taps, output.samples, Int64(count)) }
    pendingCount -= count * factor
    pending.samples.update(from: pending.samples + count * factor, count: pendingCount)
    return UnsafeMutableBufferPointer(start: output.samples, count: count)
  }

  /// The remaining outputs after the last samples, which silence follows.
  func finish() -> UnsafeMutableBufferPointer<Float> {
    let silence = SampleBuffer(capacity: tapCount / 2)
    return convert(UnsafeMutableBufferPointer(start: silence.samples, count: silence.capacity))
  }

  /// Deals the pending samples out to the phases, every `factor`-th one to the same phase, and fills up with zeros.
  private func takeApart(stride: Int) {
    phases.reserve(stride * factor)
    let pairs = factor == 2 ? takePairsApart(stride: stride) : 0
    for phase in 0..<factor {
      let (source, target) = (pending.samples + phase, phases.samples + phase * stride)
      let present = min(stride, max(0, pendingCount - phase + factor - 1) / factor)
      for place in pairs..<max(pairs, present) { target[place] = source[place * factor] }
      (target + present).update(repeating: 0, count: stride - present)
    }
  }

  /// The same for the factor 2, in vectors: plain loops would take half as long as the filter itself. Returns the
  /// number of pairs.
  private func takePairsApart(stride: Int) -> Int {
    let source = UnsafeRawPointer(pending.samples), target = UnsafeMutableRawPointer(phases.samples)
    let size = MemoryLayout<Float>.stride
    let pairs = min(stride, pendingCount / 2) / 4 * 4
    for pair in Swift.stride(from: 0, to: pairs, by: 4) {
      let both = source.loadUnaligned(fromByteOffset: 2 * pair * size, as: SIMD8<Float>.self)
      target.storeBytes(of: both.evenHalf, toByteOffset: pair * size, as: SIMD4<Float>.self)
      target.storeBytes(of: both.oddHalf, toByteOffset: (stride + pair) * size, as: SIMD4<Float>.self)
    }
    return pairs
  }
}
