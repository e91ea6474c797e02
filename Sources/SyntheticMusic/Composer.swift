import Reproducibility

/// A composed song: what each musician plays, before any sound is made.
struct SongScore: Sendable {
  var sections: [SongSection] = []
  var drums: [DrumHit] = []
  var bass: [Note] = []
  var chords: [Note] = []
  var pad: [Note] = []
  var lead: [Note] = []
}

/// Writes the score of a song from its plan.
struct Composer {
  let plan: SongPlan
  let barCount: Int
  var generator: SeededGenerator

  /// Creates a composer for a song of a length in seconds; its last bar, at least 1.5 s of it, is the final chord.
  init(plan: SongPlan, duration: Double, generator: SeededGenerator) {
    self.plan = plan
    self.generator = generator
    let bar = plan.style.meter.barDuration(tempo: plan.tempo)
    barCount = max(Int((duration - 1.5) / bar) + 1, 1)
  }

  mutating func compose() -> SongScore {
    var score = SongScore()
    score.sections = SongSection.form(barCount: barCount, using: &generator)
    let themes = (
      verse: Theme(style: plan.style, using: &generator), chorus: Theme(style: plan.style, using: &generator)
    )
    for section in score.sections {
      for offset in 0..<section.barCount {
        let bar = section.firstBar + offset
        let chord = chord(in: section, bar: offset)
        if section.kind == .ending {
          addEnding(chord, bar: bar, to: &score)
          continue
        }
        addDrums(in: section, bar: offset, to: &score)
        addChords(chord, bar: bar, to: &score)
        if section.hasBass {
          addBass(chord, next: self.chord(in: section, bar: offset + 1), bar: bar, to: &score)
        }
        if section.hasPad { addPad(chord, bar: bar, to: &score) }
        if section.hasLead {
          let theme = section.kind == .verse ? themes.verse : themes.chorus
          addMelody(theme, chord: chord, bar: bar, phraseBar: offset, to: &score)
        }
      }
    }
    return score
  }

  private func chord(in section: SongSection, bar: Int) -> Chord {
    let progression = section.kind == .chorus || section.kind == .breakdown ? plan.chorus : plan.verse
    let root = section.kind == .ending ? 0 : progression[bar % progression.count]
    return Chord(root: root, shape: plan.style.chordShape, scale: plan.style.scale, tonic: plan.tonic)
  }

  /// A step's time as a human plays it; steps beyond the bar belong to the next.
  mutating func humanTime(bar: Int, step: Int) -> Double {
    max(plan.style.meter.time(bar: bar, step: step, tempo: plan.tempo) + 0.005 * generator.normal(), 0)
  }

  /// A velocity as a human plays it.
  mutating func humanVelocity(_ velocity: Float) -> Float {
    min(max(velocity * Float(1 + 0.08 * generator.normal()), 0.05), 1)
  }

  /// A note of a pattern's event; a tenth of its length is left as a gap before the next.
  mutating func note(_ event: StepPattern.Event, bar: Int, pitch: Int, velocity: Float) -> Note {
    let start = humanTime(bar: bar, step: event.step)
    let end = plan.style.meter.time(bar: bar, step: event.step + event.length, tempo: plan.tempo)
    return Note(start: start, duration: max(0.9 * (end - start), 0.04), pitch: pitch, velocity: humanVelocity(velocity))
  }

  private mutating func addEnding(_ chord: Chord, bar: Int, to score: inout SongScore) {
    let event = StepPattern.Event(step: 0, length: plan.style.meter.stepsPerBar, symbol: "x")
    for pitch in chord.voicing(from: Self.lowestChordPitch) {
      score.chords.append(note(event, bar: bar, pitch: pitch, velocity: 0.8))
    }
    score.bass.append(note(event, bar: bar, pitch: bassPitch(chord.pitch(ofTone: 0)), velocity: 0.8))
    score.lead.append(
      note(event, bar: bar, pitch: Chord.folded(plan.tonic, from: plan.style.melody.centre - 6), velocity: 0.7))
    addStroke(.crash, bar: bar, step: 0, velocity: 0.7, to: &score)
    addStroke(.kick, bar: bar, step: 0, velocity: 0.9, to: &score)
  }
}
