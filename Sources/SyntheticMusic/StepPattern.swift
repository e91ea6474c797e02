/// A bar's rhythm, written as text with one character a step.
///
/// `.` is silence, `-` holds the note before it, and every other character starts a note whose meaning belongs to the
/// instrument: a drum's or chord's stroke (`X` accented, `x` plain, `o` faint), a chord tone (`0`, `1`, …), or a bass
/// note (`R` root, `3`, `5`, `7`, `8` the octave, `A` a step to the next root).
struct StepPattern: Sendable, ExpressibleByStringLiteral {
  struct Event: Sendable {
    let step: Int
    /// Length in steps, at least 1.
    var length: Int
    let symbol: Character
  }

  let stepCount: Int
  let events: [Event]

  init(stringLiteral text: String) {
    var events: [Event] = []
    for (step, symbol) in text.enumerated() where symbol != "." {
      if symbol != "-" {
        events.append(Event(step: step, length: 1, symbol: symbol))
      } else if !events.isEmpty {
        events[events.count - 1].length += 1
      }
    }
    stepCount = text.count
    self.events = events
  }

  /// How hard a stroke is played, 0 to 1.
  static func velocity(of symbol: Character) -> Float {
    switch symbol {
    case "X": 1
    case "o": 0.4
    default: 0.75
    }
  }
}

/// How a bar is divided, and how long it lasts at a tempo.
struct Meter: Sendable {
  var beatsPerBar = 4
  var stepsPerBeat = 4
  /// By how much of a step every second step comes late, 0 to 0.5.
  var swing = 0.0

  var stepsPerBar: Int { beatsPerBar * stepsPerBeat }

  func barDuration(tempo: Double) -> Double { Double(beatsPerBar) * 60 / tempo }

  /// Seconds from the beginning of the song.
  func time(bar: Int, step: Int, tempo: Double) -> Double {
    let late = step % 2 == 1 ? swing : 0
    return (Double(bar * stepsPerBar + step) + late) * 60 / (tempo * Double(stepsPerBeat))
  }
}
