import AudioDecoding
import Foundation
import Reproducibility

/// A sound of sixty partials from 100 Hz to 8 kHz that swells and fades: which partials, and how strong, is its timbre;
/// how often it swells is its rhythm, in all bands alike. So each may be shared without the other.
package struct TestTexture {
  /// What the partials follow from.
  package var timbre: UInt64
  /// Swells a second.
  package var rate: Double
  /// In seconds.
  package var seconds = 8.0

  /// A sound.
  package init(timbre: UInt64, rate: Double) {
    self.timbre = timbre
    self.rate = rate
  }

  /// At 22,050 Hz, within -0.4...0.4.
  package var samples: [Float] {
    var generator = SeededGenerator(seed: timbre)
    let levels = (0..<12).map { _ in pow(10, Double.random(in: -15...0, using: &generator) / 20) }
    let partials = (0..<60).map { place in
      let detuning = Double.random(in: -0.5...0.5, using: &generator) / 12
      return (
        hertz: 100 * pow(80, Double(place) / 60) * exp2(detuning), level: levels[place / 5],
        phase: Double.random(in: 0...6, using: &generator)
      )
    }
    let count = Int(seconds * 22_050)
    var sounds = [Double](repeating: 0, count: count)
    for partial in partials {
      // A pointer that turns by a fixed angle: much faster than a sine for each sample.
      let angle = 2 * .pi * partial.hertz / 22_050
      let (turnX, turnY) = (cos(angle), sin(angle))
      var (x, y) = (partial.level * cos(partial.phase), partial.level * sin(partial.phase))
      for index in 0..<count {
        sounds[index] += y
        (x, y) = (x * turnX - y * turnY, x * turnY + y * turnX)
      }
    }
    let sum = partials.reduce(0) { $0 + $1.level }
    return sounds.enumerated().map { index, sound in
      Float(0.8 * (0.55 + 0.45 * sin(2 * .pi * rate * Double(index) / 22_050)) * sound / sum)
    }
  }

  /// Writes the sound as a WAV file, with its folders.
  package func write(to path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try AudioEncoder.write([samples], sampleRate: 22_050, to: path, format: .wav)
  }
}
