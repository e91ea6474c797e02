import AudioFeatures
import Foundation
import Reproducibility

/// Random changes of a log-mel excerpt that leave a song what it is: what a network learns despite them does not hang on a
/// codec, a mastering or a tempo. Each excerpt draws its own.
public struct SpectrogramAugmentation: Sendable, Hashable, Codable {
  /// The most that the tempo changes, as a share.
  public var tempo = 0.15
  /// The most bands by which the spectrum moves up or down.
  public var shift = 3
  /// The standard deviation of the equaliser's curve, in dB.
  public var equaliser = 5.0
  /// How often the floor is raised, to a level between -80 and ``loudestFloor`` dB under the maximum.
  public var floorShare = 0.5
  /// In dB under the excerpt's maximum.
  public var loudestFloor = -45.0
  /// How often the top is cut, as a codec does, from a band in the highest third on.
  public var cutShare = 0.3
  /// How many stretches of time, and how many of frequency, are silenced.
  public var masks = 2
  /// The longest stretch of time, as a share of the excerpt.
  public var longestPause = 0.08
  /// The widest stretch of frequency, in bands.
  public var widestGap = 12

  /// The changes that the preset `transfer` makes.
  public init() {}

  private static let dynamicRange: Float = 80

  /// An excerpt of `frameCount` frames in dB relative to its maximum, floor -80.
  ///
  /// - Parameter place: where in the song it begins, in 0..<1 of the possible starts.
  func excerpt(
    of song: LogMelSpectrogram, frameCount: Int, place: Double, using generator: inout SeededGenerator
  ) -> [Float] {
    let bands = song.melBandCount
    let speed = 1 + tempo * (2 * generator.uniform() - 1)
    let span = Double(frameCount - 1) * speed
    let start = place * max(0, Double(song.frameCount - 1) - span)
    let offset = generator.integer(in: -shift...shift)
    let curve = equaliserCurve(bands: bands, using: &generator)
    let sources = (0..<bands).map { min(bands - 1, max(0, $0 + offset)) }
    var excerpt = [Float](repeating: -.infinity, count: frameCount * bands)
    var maximum = -Float.infinity
    song.decibels.withUnsafeBufferPointer { decibels in
      for frame in 0..<frameCount {
        let position = start + Double(frame) * speed
        let first = Int(position)
        guard first < song.frameCount else { break }
        let second = min(first + 1, song.frameCount - 1)
        let share = Float(position - Double(first))
        for band in 0..<bands {
          let (a, b) = (decibels[first * bands + sources[band]], decibels[second * bands + sources[band]])
          let value = a + share * (b - a) + curve[band]
          excerpt[frame * bands + band] = value
          maximum = max(maximum, value)
        }
      }
    }
    finish(&excerpt, bands: bands, maximum: maximum, using: &generator)
    return excerpt
  }

  /// A sum of the lowest cosines over the bands.
  private func equaliserCurve(bands: Int, using generator: inout SeededGenerator) -> [Float] {
    let terms = 4
    // A cosine's mean square is a half.
    let amplitudes = (0..<terms).map { _ in equaliser * (2 / Double(terms)).squareRoot() * generator.normal() }
    return (0..<bands).map { band in
      let angle = Double.pi * (Double(band) + 0.5) / Double(bands)
      return Float(zip(1..., amplitudes).reduce(0) { $0 + $1.1 * cos(Double($1.0) * angle) })
    }
  }

  /// Makes the values relative to the maximum, and silences what the draw says.
  private func finish(_ excerpt: inout [Float], bands: Int, maximum: Float, using generator: inout SeededGenerator) {
    let frames = excerpt.count / bands
    var floor = -Self.dynamicRange
    if generator.uniform() < floorShare {
      floor += Float(generator.uniform()) * (Float(loudestFloor) + Self.dynamicRange)
    }
    var silentBands = [Bool](repeating: false, count: bands)
    if generator.uniform() < cutShare {
      let cut = generator.integer(in: bands * 2 / 3...bands)
      for band in cut..<bands { silentBands[band] = true }
    }
    var silentFrames = [Bool](repeating: false, count: frames)
    for _ in 0..<masks {
      for band in stretch(atMost: widestGap, of: bands, using: &generator) { silentBands[band] = true }
      let longest = Int(longestPause * Double(frames))
      for frame in stretch(atMost: longest, of: frames, using: &generator) { silentFrames[frame] = true }
    }
    excerpt.withUnsafeMutableBufferPointer { excerpt in
      for frame in 0..<frames {
        for band in 0..<bands {
          let index = frame * bands + band
          excerpt[index] =
            silentFrames[frame] || silentBands[band]
            ? -Self.dynamicRange : max(floor, excerpt[index] - maximum)
        }
      }
    }
  }

  private func stretch(atMost longest: Int, of count: Int, using generator: inout SeededGenerator) -> Range<Int> {
    let length = generator.integer(in: 0...min(longest, count))
    let start = generator.integer(in: 0...count - length)
    return start..<start + length
  }
}
