import Reproducibility

/// The melodic idea of a section: two motifs of a bar, which phrases repeat and vary.
struct Theme: Sendable {
  struct Motif: Sendable {
    let rhythm: StepPattern
    /// For each note, the movement from the one before, in steps along the liked degrees.
    let movements: [Int]
  }

  let call: Motif
  let answer: Motif
  /// Bars of the four-bar phrase that are silent.
  let silentBars: Set<Int>

  init(style: BandStyle, using generator: inout SeededGenerator) {
    func motif(using generator: inout SeededGenerator) -> Motif {
      let rhythm = generator.element(of: style.melody.rhythms)
      let movements = rhythm.events.map { _ in
        let size = generator.chance(style.melody.leaps) ? Int.random(in: 2...4, using: &generator) : 1
        return generator.chance(0.12) ? 0 : generator.chance(0.5) ? size : -size
      }
      return Motif(rhythm: rhythm, movements: movements)
    }
    call = motif(using: &generator)
    answer = motif(using: &generator)
    // The first bar always sings, or the phrase has no beginning.
    silentBars = Set((1..<4).filter { _ in generator.chance(style.melody.rests) })
  }
}

extension Composer {
  /// A bar of melody: call, call, answer and cadence make a phrase of four bars.
  mutating func addMelody(_ theme: Theme, chord: Chord, bar: Int, phraseBar: Int, to score: inout SongScore) {
    let position = phraseBar % 4
    guard !theme.silentBars.contains(position) else { return }
    let motif = position == 2 ? theme.answer : theme.call
    let ladder = melodyPitches()
    var rung = nearestRung(to: chord.pitch(ofTone: 0), on: ladder)
    for (index, event) in motif.rhythm.events.enumerated() {
      let isCadence = position == 3 && index == motif.rhythm.events.count - 1
      rung = min(max(rung + motif.movements[index], 0), ladder.count - 1)
      let onBeat = event.step % plan.style.meter.stepsPerBeat == 0
      var pitch = ladder[rung]
      if isCadence || (onBeat && event.length > 1) {
        pitch = nearestTone(of: chord, to: pitch)
        rung = nearestRung(to: pitch, on: ladder, folding: false)
      }
      score.lead.append(note(event, bar: bar, pitch: pitch, velocity: onBeat ? 0.85 : 0.7))
    }
  }

  /// Every pitch that the melody may use, rising over two octaves around its centre.
  private func melodyPitches() -> [Int] {
    let style = plan.style.melody
    let tonic = Chord.folded(plan.tonic, from: style.centre - 11)
    return (-1...1).flatMap { octave in
      style.degrees.map { tonic + 12 * octave + plan.style.scale.semitones(toDegree: $0) }
    }
    .filter { abs($0 - style.centre) <= 12 }
  }

  private func nearestRung(to pitch: Int, on ladder: [Int], folding: Bool = true) -> Int {
    let target = folding ? Chord.folded(pitch, from: plan.style.melody.centre - 5) : pitch
    return ladder.indices.min { abs(ladder[$0] - target) < abs(ladder[$1] - target) } ?? 0
  }

  private func nearestTone(of chord: Chord, to pitch: Int) -> Int {
    let candidates = chord.shape.degrees.indices.map { Chord.folded(chord.pitch(ofTone: $0), from: pitch - 5) }
    return candidates.min { abs($0 - pitch) < abs($1 - pitch) } ?? pitch
  }
}
