import Foundation

/// The last step of a song: equaliser, level, limiter, hiss, and a fade at both ends.
struct MasteringConsole {
  private static let rate = Float(SyntheticCollection.sampleRate)

  let mastering: Mastering
  var noise: NoiseGenerator

  /// The finished channels, each sample between -0.95 and 0.95.
  mutating func process(left: [Float], right: [Float]) -> [[Float]] {
    var (left, right) = (left, right)
    let count = left.count
    let power = equalise(&left, &right)
    let scale = Float(pow(10, mastering.loudness / 20)) / max(power.squareRoot(), 1e-9)
    let hiss = Float(pow(10, mastering.hiss / 20))
    let fadeIn = 0.005 * Self.rate
    let fadeOut = min(0.8 * Self.rate, Float(count) / 4)
    for index in 0..<count {
      let fade = min(Float(index) / fadeIn, Float(count - 1 - index) / fadeOut, 1)
      left[index] = fade * Self.limited(scale * left[index] + hiss * noise.next())
      right[index] = fade * Self.limited(scale * right[index] + hiss * noise.next())
    }
    return [left, right]
  }

  /// Filters in place and gives the mean power of the result.
  private func equalise(_ left: inout [Float], _ right: inout [Float]) -> Float {
    var bass = Biquad.shelf(high: false, frequency: 180, gain: mastering.bass)
    var presence = Biquad.peak(frequency: mastering.presenceFrequency, quality: 0.8, gain: mastering.presence)
    var treble = Biquad.shelf(high: true, frequency: 4_000, gain: mastering.treble)
    var power = SIMD2<Double>()
    for index in left.indices {
      let sample = treble.process(presence.process(bass.process(SIMD2(left[index], right[index]))))
      left[index] = sample.x
      right[index] = sample.y
      power += SIMD2<Double>(sample * sample)
    }
    return Float(power.sum() / Double(max(2 * left.count, 1)))
  }

  /// Linear up to 0.6, then bending towards 0.95, which it never passes.
  private static func limited(_ sample: Float) -> Float {
    let excess = abs(sample) - 0.6
    guard excess > 0 else { return sample }
    let level = 0.6 + 0.35 * excess / (0.35 + excess)
    return sample < 0 ? -level : level
  }
}
