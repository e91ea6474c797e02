import AudioFeatures
import Foundation
import Testing

/// musly's frames against its own formulas, summed term by term in double precision.
@Suite struct TimbreFrameTests {
  private static let samples: [Float] = (0..<3000).map { index in
    let time = Double(index) / 22_050
    return Float(0.2 * sin(2 * .pi * 440 * time) + 0.1 * sin(2 * .pi * 3000 * time * (1 + time)))
  }

  /// Coefficients of the frame that begins at a sample.
  private static func frame(at start: Int, peak: Double) -> [Double] {
    let scale = pow(10, 96.0 / 20) / peak
    let windowed = (0..<1024).map { index in
      Double(samples[start + index]) * scale * (0.5 - 0.5 * cos(2 * .pi * Double(index) / 1024))
    }
    let power = (0...512).map { bin -> Double in
      var (real, imaginary) = (0.0, 0.0)
      for (index, value) in windowed.enumerated() {
        let angle = 2 * .pi * Double(bin * index % 1024) / 1024
        real += value * cos(angle)
        imaginary -= value * sin(angle)
      }
      return real * real + imaginary * imaginary
    }
    let mels = { (frequency: Double) in 1127.01048 * log(1 + frequency / 700) }
    let (low, high) = (mels(20), mels(11_025))
    let edges = (0..<38).map { 700 * (exp((low + Double($0) / 37 * (high - low)) / 1127.01048) - 1) }
    let logarithms = (0..<36).map { band -> Double in
      let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2])
      let sum = power.enumerated().reduce(0.0) { sum, item in
        let frequency = Double(item.offset) * 22_050 / 1024
        let height = min((frequency - left) / (centre - left), (right - frequency) / (right - centre))
        return sum + max(0, height) * 2 / (right - left) * item.element
      }
      return log(1 + sum)
    }
    return (0..<25).map { k in
      let sum = logarithms.enumerated().reduce(0.0) { sum, item in
        sum + item.element * cos(.pi * Double(k) * (2 * Double(item.offset) + 1) / 72)
      }
      return sum * (k == 0 ? 1.0 / 36 : 2.0 / 36).squareRoot()
    }
  }

  @Test func framesAreMuslys() throws {
    let frames = try TimbreFrameExtractor().frames(of: Self.samples)
    // (3000 − 512) / 512 whole windows.
    #expect(frames.frameCount == 4 && frames.coefficientCount == 25)
    let peak = Double(Self.samples.map(abs).max() ?? 0)
    for index in 0..<frames.frameCount {
      for (k, expected) in Self.frame(at: 512 * index, peak: peak).enumerated() {
        #expect(abs(Double(frames.values[index * 25 + k]) - expected) < 2e-3 * max(1, abs(expected)))
      }
    }
  }

  @Test func loudnessDoesNotMatterAndShortOnesHaveNone() throws {
    let extractor = try TimbreFrameExtractor()
    let (loud, soft) = (extractor.frames(of: Self.samples), extractor.frames(of: Self.samples.map { $0 / 64 }))
    for (first, second) in zip(loud.values, soft.values) { #expect(abs(first - second) < 1e-3) }
    #expect(extractor.frames(of: []).frameCount == 0)
    #expect(extractor.frames(of: Array(Self.samples[..<1023])).frameCount == 0)
    #expect(extractor.frames(of: [Float](repeating: 0, count: 2048)).values.allSatisfy { abs($0) < 1e-3 })
  }
}
