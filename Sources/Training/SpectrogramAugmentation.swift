import AudioFeatures
import Foundation
import Reproducibility

/// Random changes of a log-mel excerpt, after which people would still know the song. What a network learns in spite of
/// them does not depend on a codec, a mastering or a tempo. Each excerpt draws its own changes.
public struct SpectrogramAugmentation: Sendable, Hashable, Codable {
  /// The largest change of the tempo, as a share.
  public var tempo = 0.15
  /// The largest number of bands by which the spectrum moves up or down.
  public var shift = 3
  /// The standard deviation of the equaliser's curve, in dB.
  public var equaliser = 5.0
  /// The share of excerpts whose floor is raised, to a level between -80 dB and ``loudestFloor``.
  public var floorShare = 0.5
  /// The highest level of a raised floor, in dB relative to the excerpt's maximum.
  public var loudestFloor = -45.0
  /// The share of excerpts whose highest bands are cut, as a codec does: all from a random band in the highest third
  /// up.
  public var cutShare = 0.3
  /// The number of stretches of time that are silenced, and also that of stretches of frequency.
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
  /// - Parameter position: where in the song the excerpt begins, in 0..<1 of the possible starts.
  func excerpt(
    of song: LogMelSpectrogram, frameCount: Int, position: Double, using generator: inout SeededGenerator
  ) -> [Float] {
    let bands = song.melBandCount
    let speed = 1 + tempo * (2 * generator.uniform() - 1)
    let span = Double(frameCount - 1) * speed
    let start = position * max(0, Double(song.frameCount - 1) - span)
    let offset = generator.integer(in: -shift...shift)
    let curve = equaliserCurve(bands: bands, using: &generator)
    let sources = (0..<bands).map { min(bands - 1, max(0, $0 + offset)) }
    var excerpt = [Float](repeating: -.infinity, count: frameCount * bands)
    var maximum = -Float.infinity
    song.decibels.withUnsafeBufferPointer { decibels in
      for frame in 0..<frameCount {
        let source = start + Double(frame) * speed
        let first = Int(source)
        guard first < song.frameCount else { break }
        let second = min(first + 1, song.frameCount - 1)
        let share = Float(source - Double(first))
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

  /// Makes the values relative to the maximum, and silences randomly drawn bands and frames.
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
