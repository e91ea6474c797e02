import CKernels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How fast bands pulsate, the rhythm: after the logarithmic fluctuation pattern of Pohle et al. (2009).
///
/// In blocks of 256 frames (11.9 s), 64 apart, each of 16 bands, less its mean, is windowed and transformed. The
/// magnitudes are averaged over 24 ranges of modulation frequency, equally wide on a logarithmic scale from 0.4 to 10
/// Hz. The pattern is the mean of `log(1 + x)` over the blocks.
final class FluctuationPattern {
  static let bandCount = 16
  static let rangeCount = 24
  static let count = bandCount * rangeCount

  private static let length = 256
  private static let hop = 64
  private static let frequencies = 0.4...10.0

  private let kernels: akin_mel_kernels
  private let fourierTransform: ComplexFourierTransform
  private let window = HannWindow(length: length).values
  private let frame = AlignedFloats(count: length)
  private let transformed = AlignedFloats(count: length)
  private let power = AlignedFloats(count: length)
  private let cosines: AlignedFloats
  private let sines: AlignedFloats
  private let ranges: [(firstBin: Int, weights: [Float])]

  /// - Parameter frameRate: frames a second.
  init(frameRate: Double, kernels: KernelChoice) throws(AudioFeatureError) {
    self.kernels = kernels.melKernels
    fourierTransform = try ComplexFourierTransform(size: Self.length / 2)
    let angles = (0...Self.length / 4).map { 2 * Double.pi * Double($0) / Double(Self.length) }
    cosines = AlignedFloats(angles.map { Float(cos($0)) })
    sines = AlignedFloats(angles.map { Float(sin($0)) })
    ranges = Self.ranges(binWidth: frameRate / Double(Self.length))
  }

  /// The values band by band, each from slow to fast, over the blocks of all excerpts of a song. Fewer frames (≥ 1) of
  /// an excerpt than one block are repeated to fill it.
  func values(of excerpts: [BandAverages]) -> [Float] {
    var blockCount = 0
    var sums = [Double](repeating: 0, count: Self.count)
    for bands in excerpts {
      for block in 0...max(0, bands.frameCount - Self.length) / Self.hop {
        blockCount += 1
        for band in 0..<Self.bandCount {
          transform(band: band, of: bands, from: block * Self.hop)
          for (index, range) in ranges.enumerated() {
            sums[band * Self.rangeCount + index] += log1p(magnitude(in: range))
          }
        }
      }
    }
    return sums.map { Float($0 / Double(blockCount)) }
  }

  private func transform(band: Int, of bands: BandAverages, from start: Int) {
    var sum: Float = 0
    for index in 0..<Self.length {
      let value = bands.values[(start + index) % bands.frameCount * Self.bandCount + band]
      frame.pointer[index] = value
      sum += value
    }
    let mean = sum / Float(Self.length)
    for index in 0..<Self.length { frame.pointer[index] = (frame.pointer[index] - mean) * window[index] }
    fourierTransform(frame, into: transformed)
    kernels.power_spectrum(
      transformed.pointer, cosines.pointer, sines.pointer, power.pointer, Int64(Self.length / 2))
  }

  private func magnitude(in range: (firstBin: Int, weights: [Float])) -> Double {
    var sum: Float = 0
    for (offset, weight) in range.weights.enumerated() {
      sum += weight * power.pointer[range.firstBin + offset].squareRoot()
    }
    return Double(sum)
  }

  /// The bins of each range, weighted by their overlap with it.
  private static func ranges(binWidth: Double) -> [(firstBin: Int, weights: [Float])] {
    let ratio = frequencies.upperBound / frequencies.lowerBound
    let edges = (0...rangeCount).map { step in
      frequencies.lowerBound * pow(ratio, Double(step) / Double(rangeCount)) / binWidth
    }
    return zip(edges, edges.dropFirst()).map { low, high in
      let bins = Int(low.rounded())...min(length / 2, Int(high.rounded()))
      let overlaps = bins.map { bin in
        max(0, min(Double(bin) + 0.5, high) - max(Double(bin) - 0.5, low))
      }
      let total = overlaps.reduce(0, +)
      return (bins.lowerBound, overlaps.map { Float($0 / total) })
    }
  }
}
