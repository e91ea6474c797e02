import Foundation

/// A second-order section of an equaliser, for two channels at once.
///
/// Source: Bristow-Johnson, *Audio EQ Cookbook*.
struct Biquad: Sendable {
  private let b0, b1, b2, a1, a2: Float
  private var z1 = SIMD2<Float>()
  private var z2 = SIMD2<Float>()

  private init(b: (Double, Double, Double), a: (Double, Double, Double)) {
    b0 = Float(b.0 / a.0)
    b1 = Float(b.1 / a.0)
    b2 = Float(b.2 / a.0)
    a1 = Float(a.1 / a.0)
    a2 = Float(a.2 / a.0)
  }

  private static func angle(_ frequency: Double) -> Double {
    2 * .pi * frequency / Double(SyntheticCollection.sampleRate)
  }

  /// Raises or lowers everything below (or, if `high`, above) a frequency by a gain in dB.
  static func shelf(high: Bool, frequency: Double, gain: Double) -> Biquad {
    let amplitude = pow(10, gain / 40)
    // A high shelf is a low shelf with the frequency axis turned round.
    let sign: Double = high ? -1 : 1
    let cosine = sign * cos(angle(frequency))
    let (sum, difference) = (amplitude + 1, amplitude - 1)
    let width = (2 * amplitude).squareRoot() * sin(angle(frequency))
    return Biquad(
      b: (
        amplitude * (sum - difference * cosine + width), sign * 2 * amplitude * (difference - sum * cosine),
        amplitude * (sum - difference * cosine - width)
      ),
      a: (
        sum + difference * cosine + width, sign * -2 * (difference + sum * cosine), sum + difference * cosine - width
      ))
  }

  /// Raises or lowers the neighbourhood of a frequency by a gain in dB.
  static func peak(frequency: Double, quality: Double, gain: Double) -> Biquad {
    let amplitude = pow(10, gain / 40)
    let cosine = cos(angle(frequency))
    let alpha = sin(angle(frequency)) / (2 * quality)
    return Biquad(
      b: (1 + alpha * amplitude, -2 * cosine, 1 - alpha * amplitude),
      a: (1 + alpha / amplitude, -2 * cosine, 1 - alpha / amplitude))
  }

  @inline(__always)
  mutating func process(_ input: SIMD2<Float>) -> SIMD2<Float> {
    let output = b0 * input + z1
    z1 = b1 * input - a1 * output + z2
    z2 = b2 * input - a2 * output
    return output
  }
}
