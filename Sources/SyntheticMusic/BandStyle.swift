/// What makes a band recognisable: everything that its songs have in common.
///
/// Bands of a genre share instruments and drum kits, and most instruments occur in several bands, so that no single
/// timbre gives a band away.
struct BandStyle: Sendable {
  let name: String
  let genre: String
  let albums: [String]
  /// Titles are a word of the first list and one of the second.
  let titleWords: ([String], [String])

  /// Beats a minute.
  let tempo: ClosedRange<Double>
  let meter: Meter
  let scale: Scale
  let chordShape: ChordShape
  /// Roots as scale degrees from 0, one a bar.
  let progressions: [[Int]]

  let grooves: [Groove]
  let fills: [Groove]
  let bassPatterns: [StepPattern]
  let chordPatterns: [StepPattern]
  let melody: MelodyStyle

  /// Instruments that a song may choose from, by role.
  let basses: [Patch]
  let chords: [Patch]
  let leads: [Patch]
  let pads: [Patch]
  let kits: [DrumKit]
  let room: Room
}

/// What the drums play in a bar.
struct Groove: Sendable, ExpressibleByDictionaryLiteral {
  let patterns: [(drum: Drum, pattern: StepPattern)]

  init(dictionaryLiteral elements: (Drum, StepPattern)...) {
    patterns = elements.map { (drum: $0.0, pattern: $0.1) }
  }
}

/// How a band invents melodies.
struct MelodyStyle: Sendable {
  /// Rhythms of a bar.
  let rhythms: [StepPattern]
  /// The scale degrees it likes, within an octave.
  let degrees: [Int]
  /// MIDI number at the middle of its range.
  let centre: Int
  /// Probability of a leap rather than a step.
  let leaps: Double
  /// Share of bars in which it is silent and lets the others answer.
  let rests: Double
}

/// The room a band plays in.
struct Room: Sendable {
  /// Share of the reverberation, 0 to 1.
  var reverberation: Float
  /// 0 (small) to 1 (large).
  var size: Float
  /// Share of the echo on chords and lead, 0 to 1.
  var echo: Float = 0
  /// Distance of the echoes in steps of the bar.
  var echoSteps = 3
}
