import Foundation
import Reproducibility

/// What distinguishes a song from the others of its band, drawn before anything is composed.
struct SongPlan: Sendable {
  let style: BandStyle
  /// Beats a minute.
  let tempo: Double
  /// MIDI number of the key's tonic, in the octave below middle C.
  let tonic: Int
  let groove: Groove
  let chordPattern: StepPattern
  let bassPattern: StepPattern
  let verse: [Int]
  let chorus: [Int]
  let bass: Patch
  let chords: Patch
  let lead: Patch
  let pad: Patch
  let kit: DrumKit
  let mastering: Mastering

  init(style: BandStyle, using generator: inout SeededGenerator) {
    self.style = style
    tempo = generator.uniform(in: style.tempo)
    tonic = 48 + Int.random(in: 0..<12, using: &generator)
    groove = generator.element(of: style.grooves)
    chordPattern = generator.element(of: style.chordPatterns)
    bassPattern = generator.element(of: style.bassPatterns)
    let progressions = style.progressions.shuffled(using: &generator)
    verse = progressions[0]
    chorus = progressions[1 % progressions.count]
    bass = generator.element(of: style.basses).varied(using: &generator)
    chords = generator.element(of: style.chords).varied(using: &generator)
    lead = generator.element(of: style.leads).varied(using: &generator)
    pad = generator.element(of: style.pads).varied(using: &generator)
    kit = generator.element(of: style.kits).varied(using: &generator)
    mastering = Mastering(using: &generator)
  }
}

/// How a song was mixed and mastered: the same for all bands, so that it tells nothing about them.
struct Mastering: Sendable {
  /// Gains in dB: below 180 Hz, around `presenceFrequency`, above 4 kHz.
  let bass: Double
  let presence: Double
  let treble: Double
  /// Hz.
  let presenceFrequency: Double
  /// Level of the whole, root mean square, in dB of full scale.
  let loudness: Double
  /// Level of tape hiss in dB of full scale.
  let hiss: Double
  /// Gains in dB of drums, bass, chords, pad and lead.
  let partGains: [Double]
  /// Factor on the band's reverberation.
  let reverberation: Float

  init(using generator: inout SeededGenerator) {
    bass = generator.uniform(in: -4...4)
    presence = generator.uniform(in: -3.5...3.5)
    treble = generator.uniform(in: -6...4)
    presenceFrequency = generator.uniform(in: 500...2_500)
    loudness = generator.uniform(in: -21 ... -15)
    hiss = generator.uniform(in: -85 ... -60)
    partGains = (0..<5).map { _ in generator.uniform(in: -3...2) }
    reverberation = Float(generator.uniform(in: 0.5...1.8))
  }
}

extension Patch {
  /// The same instrument from another maker.
  func varied(using generator: inout SeededGenerator) -> Patch {
    var patch = self
    patch.cutoff *= generator.factor(octaves: 0.45)
    patch.filterSweep *= generator.factor(octaves: 0.3)
    patch.envelope.attack *= generator.factor(octaves: 0.3)
    patch.envelope.decay *= generator.factor(octaves: 0.5)
    patch.envelope.release *= generator.factor(octaves: 0.4)
    patch.drive *= generator.factor(octaves: 0.5)
    return patch
  }
}

extension DrumKit {
  /// The same kit, tuned and damped otherwise.
  func varied(using generator: inout SeededGenerator) -> DrumKit {
    var kit = self
    kit.kick.frequency *= generator.factor(octaves: 0.25)
    kit.kick.decay *= generator.factor(octaves: 0.4)
    kit.snare.frequency *= generator.factor(octaves: 0.25)
    kit.snare.decay *= generator.factor(octaves: 0.4)
    kit.cymbals.frequency *= generator.factor(octaves: 0.4)
    kit.cymbals.decay *= generator.factor(octaves: 0.5)
    return kit
  }
}

extension SeededGenerator {
  mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A factor up to so many octaves up or down.
  mutating func factor(octaves: Double) -> Float {
    Float(exp2(uniform(in: -octaves...octaves)))
  }

  mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// One of the elements; there must be one.
  mutating func element<Element>(of elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &self)]
  }
}
