/// Seven steps of an octave; chords are stacked thirds of these.
enum Scale: Sendable {
  case ionian, dorian, mixolydian, aeolian

  /// Semitones above the tonic.
  var intervals: [Int] {
    switch self {
    case .ionian: [0, 2, 4, 5, 7, 9, 11]
    case .dorian: [0, 2, 3, 5, 7, 9, 10]
    case .mixolydian: [0, 2, 4, 5, 7, 9, 10]
    case .aeolian: [0, 2, 3, 5, 7, 8, 10]
    }
  }

  /// Semitones from the tonic to a scale degree; 0 is the tonic, 7 its octave, and degrees below 0 go down.
  func semitones(toDegree degree: Int) -> Int {
    let octave = (degree >= 0 ? degree : degree - 6) / 7
    return 12 * octave + intervals[degree - 7 * octave]
  }
}

/// How many notes a chord has, and which.
enum ChordShape: Sendable {
  /// Root, fifth and octave.
  case power
  case triad
  case seventh
  case ninth

  /// Scale degrees above the chord's root.
  var degrees: [Int] {
    switch self {
    case .power: [0, 4, 7]
    case .triad: [0, 2, 4]
    case .seventh: [0, 2, 4, 6]
    case .ninth: [0, 2, 6, 8]
    }
  }
}

/// A chord on a degree of a scale in a key.
struct Chord: Sendable {
  /// Scale degree of the root, 0 to 6.
  let root: Int
  let shape: ChordShape
  let scale: Scale
  /// MIDI number of the key's tonic, in the octave below middle C.
  let tonic: Int

  /// MIDI number of a chord tone; indices beyond the chord go on an octave higher.
  func pitch(ofTone index: Int) -> Int {
    let degrees = shape.degrees
    let octave = index / degrees.count
    return tonic + scale.semitones(toDegree: root + degrees[index % degrees.count]) + 12 * octave
  }

  /// The chord in close position within the octave from `lowest`, in rising order, so that common tones stay.
  func voicing(from lowest: Int) -> [Int] {
    if shape == .power {
      let bottom = Self.folded(pitch(ofTone: 0), from: lowest)
      return (0..<3).map { bottom + pitch(ofTone: $0) - pitch(ofTone: 0) }
    }
    return shape.degrees.indices.map { Self.folded(pitch(ofTone: $0), from: lowest) }.sorted()
  }

  /// The same pitch class in the octave that starts at `lowest`.
  static func folded(_ pitch: Int, from lowest: Int) -> Int {
    let distance = (pitch - lowest) % 12
    return lowest + (distance < 0 ? distance + 12 : distance)
  }
}
