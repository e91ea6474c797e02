extension Composer {
  /// A bar of drums: the groove, or a fill in the bar that leads to the next section.
  mutating func addDrums(in section: SongSection, bar: Int, to score: inout SongScore) {
    let isLast = bar == section.barCount - 1
    let position = section.firstBar + bar
    if bar == 0, section.kind == .chorus { addStroke(.crash, bar: position, step: 0, velocity: 0.7, to: &score) }
    let groove = isLast && section.barCount > 1 ? generator.element(of: plan.style.fills) : plan.groove
    for (drum, pattern) in groove.patterns {
      // The intro and the breakdown keep time without the loud drums.
      let sparse = section.kind == .breakdown || section.kind == .intro
      if sparse && !isLast && drum == .snare { continue }
      if section.kind == .breakdown && !isLast && drum == .kick { continue }
      for event in pattern.events {
        let faint = event.symbol == "o"
        if faint && generator.chance(0.15) { continue }
        let velocity = StepPattern.velocity(of: event.symbol)
        addStroke(drum, bar: position, step: event.step, velocity: velocity, to: &score)
      }
    }
  }

  mutating func addStroke(_ drum: Drum, bar: Int, step: Int, velocity: Float, to score: inout SongScore) {
    score.drums.append(
      DrumHit(start: humanTime(bar: bar, step: step), drum: drum, velocity: humanVelocity(velocity)))
  }

  /// A bar of bass.
  mutating func addBass(_ chord: Chord, next: Chord, bar: Int, to score: inout SongScore) {
    let root = bassPitch(chord.pitch(ofTone: 0))
    let fifth = root + chord.scale.semitones(toDegree: chord.root + 4) - chord.scale.semitones(toDegree: chord.root)
    for event in plan.bassPattern.events {
      let pitch: Int
      switch event.symbol {
      case "3":
        pitch = root + chord.scale.semitones(toDegree: chord.root + 2) - chord.scale.semitones(toDegree: chord.root)
      case "5": pitch = fifth
      case "7":
        pitch = root + chord.scale.semitones(toDegree: chord.root + 6) - chord.scale.semitones(toDegree: chord.root)
      case "8": pitch = root + 12
      case "A":
        let target = bassPitch(next.pitch(ofTone: 0))
        pitch = target + (target > fifth ? -1 : 1)
      default: pitch = root
      }
      let accent: Float = event.step == 0 ? 0.9 : 0.75
      score.bass.append(note(event, bar: bar, pitch: pitch, velocity: accent))
    }
  }

  /// The same pitch class in the octave from the E of 41 Hz, where a bass is strong.
  func bassPitch(_ pitch: Int) -> Int {
    Chord.folded(pitch, from: 28)
  }
}
