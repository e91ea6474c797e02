import Foundation

/// Test sounds, and measures of how alike two sounds are.
enum Signal {
  /// A chord of three slowly beating tones below 1.5 kHz with some noise; channels differ in their pitches.
  static func music(seconds: Double, sampleRate: Int, channelCount: Int = 1) -> [[Float]] {
    (0..<channelCount).map { channel in
      var noise: UInt32 = 12345 &+ UInt32(channel)
      return (0..<Int(seconds * Double(sampleRate))).map { index in
        let time = Double(index) / Double(sampleRate)
        noise = noise &* 1_664_525 &+ 1_013_904_223
        let pitch = 220.0 * (1 + Double(channel) / 7)
        let tones = sin(2 * .pi * pitch * time) + sin(2 * .pi * pitch * 1.5 * time) + sin(2 * .pi * pitch * 2.51 * time)
        return Float(tones * 0.2 * (0.75 + 0.25 * sin(3 * time)) + (Double(noise >> 8) / 8_388_608 - 1) * 0.01)
      }
    }
  }

  /// A tone whose pitch says what time it is: 300 Hz at the beginning, and 20 Hz more with every second from there.
  static func clock(from begin: Double = 0, seconds: Double, sampleRate: Int) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map { index in
      let time = begin + Double(index) / Double(sampleRate)
      return Float(0.4 * sin(2 * .pi * (300 + 10 * time) * time))
    }
  }

  /// What time such a tone says it is, in seconds, by its zero crossings: that of its middle.
  static func time(of samples: some Collection<Float>, sampleRate: Int) -> Double {
    let crossings = zip(samples, samples.dropFirst()).count { ($0 < 0) != ($1 < 0) }
    return (Double(crossings) / 2 * Double(sampleRate) / Double(max(1, samples.count)) - 300) / 20
  }

  /// The plain mean of channels.
  static func mean(_ channels: [[Float]]) -> [Float] {
    channels[0].indices.map { index in
      channels.reduce(0) { $0 + $1[index] } / Float(channels.count)
    }
  }

  /// Root mean square.
  static func level(_ samples: some Collection<Float>) -> Double {
    (samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))).squareRoot()
  }

  /// Pearson's correlation of the first of `a` from `lag` on with `b`.
  static func correlation(_ a: [Float], _ b: [Float], lag: Int = 0) -> Double {
    let pairs = zip(a.dropFirst(max(0, lag)), b.dropFirst(max(0, -lag)))
    let (ab, aa, bb) = pairs.reduce((0.0, 0.0, 0.0)) { sums, pair in
      let (x, y) = (Double(pair.0), Double(pair.1))
      return (sums.0 + x * y, sums.1 + x * x, sums.2 + y * y)
    }
    return ab / max((aa * bb).squareRoot(), 1e-30)
  }

  /// The lag within ±`reach` at which two sounds correlate best.
  static func bestLag(_ a: [Float], _ b: [Float], reach: Int) -> Int {
    (-reach...reach).max { correlation(a, b, lag: $0) < correlation(a, b, lag: $1) } ?? 0
  }

  /// The largest difference of two sounds; infinity if their lengths differ.
  static func largestDifference(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Float {
    a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
  }
}
