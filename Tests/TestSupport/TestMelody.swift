import Foundation
import Reproducibility

/// A tune of random notes, as different from one of another seed as two pieces of music.
package struct TestMelody {
  /// What the notes follow from.
  package var seed: UInt64
  /// In seconds.
  package var seconds: Double
  /// How much faster than usual it goes.
  package var tempo = 1.0
  /// In semitones.
  package var transposition = 0.0

  /// A tune.
  package init(seed: UInt64, seconds: Double, tempo: Double = 1, transposition: Double = 0) {
    self.seed = seed
    self.seconds = seconds
    self.tempo = tempo
    self.transposition = transposition
  }

  /// The sound at 22,050 Hz, within -0.5...0.5: three voices of notes that die away.
  package var samples: [Float] {
    var generator = SeededGenerator(seed: seed)
    var samples = [Float](repeating: 0, count: Int(seconds * 22_050))
    for voice in 0..<3 {
      var start = 0
      while start < samples.count {
        let length = Int(22_050 * Double.random(in: 0.15...0.6, using: &generator) / tempo)
        let note = Double(Int.random(in: 0..<24, using: &generator)) + transposition
        let pitch = 131 * Double(voice + 1) * pow(2, note / 12)
        let loudness = Double.random(in: 0.03...0.1, using: &generator)
        for index in start..<min(start + length, samples.count) {
          let time = Double(index - start) / 22_050
          var sound = 0.0
          for overtone in 1...5 where pitch * Double(overtone) < 10_000 {
            sound += sin(2 * .pi * pitch * Double(overtone) * time) / Double(overtone)
          }
          samples[index] += Float(loudness * sound * exp(-4 * time) * min(1, time * 200))
        }
        start += length
      }
    }
    return samples
  }
}
