extension Composer {
  /// MIDI number of the lowest note of a voicing.
  static let lowestChordPitch = 52

  /// A bar of chords, struck or broken.
  mutating func addChords(_ chord: Chord, bar: Int, to score: inout SongScore) {
    let voicing = chord.voicing(from: Self.lowestChordPitch)
    for event in plan.chordPattern.events {
      if let tone = event.symbol.wholeNumberValue {
        let pitch = voicing[tone % voicing.count] + 12 * (tone / voicing.count)
        // A string rings on until it is plucked again.
        let ringing = StepPattern.Event(step: event.step, length: event.length + 1, symbol: event.symbol)
        score.chords.append(note(ringing, bar: bar, pitch: pitch, velocity: event.step % 4 == 0 ? 0.8 : 0.65))
      } else {
        let velocity = 0.85 * StepPattern.velocity(of: event.symbol)
        for (index, pitch) in voicing.enumerated() {
          var note = note(event, bar: bar, pitch: pitch, velocity: velocity)
          note.start += 0.006 * Double(index)
          score.chords.append(note)
        }
      }
    }
  }

  /// A bar of held chords an octave higher.
  mutating func addPad(_ chord: Chord, bar: Int, to score: inout SongScore) {
    let whole = StepPattern.Event(step: 0, length: plan.style.meter.stepsPerBar, symbol: "x")
    for pitch in chord.voicing(from: Self.lowestChordPitch + 7) {
      score.pad.append(note(whole, bar: bar, pitch: pitch, velocity: 0.7))
    }
  }
}
