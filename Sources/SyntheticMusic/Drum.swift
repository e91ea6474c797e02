/// The pieces of a drum kit.
enum Drum: Int, CaseIterable, Sendable {
  case kick, snare, rim, clap, closedHat, openHat, ride, crash, shaker, highTom, lowTom

  /// Its position, from -1 (left) to 1 (right).
  var pan: Float {
    switch self {
    case .kick, .snare, .clap: 0
    case .rim: -0.2
    case .closedHat, .openHat: 0.35
    case .ride: -0.4
    case .crash: -0.5
    case .shaker: 0.5
    case .highTom: 0.25
    case .lowTom: -0.3
    }
  }
}

/// How a kit sounds.
struct DrumKit: Sendable {
  /// Final pitch of the bass drum in Hz, octaves that it falls from, and seconds in which it fades to 1/e.
  var kick: (frequency: Float, sweep: Float, decay: Float)
  /// Pitch of the snare's shell in Hz, share of its wires (noise), and seconds in which they fade to 1/e.
  var snare: (frequency: Float, noise: Float, decay: Float)
  /// Lower edge of the cymbals' noise in Hz, and the hi-hat's decay in seconds.
  var cymbals: (frequency: Float, decay: Float)
  var gain: Float = 1

  static let brushes = DrumKit(kick: (55, 1.2, 0.13), snare: (190, 0.9, 0.13), cymbals: (6_000, 0.035), gain: 0.75)
  static let studio = DrumKit(kick: (58, 2, 0.12), snare: (200, 0.6, 0.11), cymbals: (5_500, 0.04))
  static let garage = DrumKit(kick: (66, 2.2, 0.14), snare: (220, 0.7, 0.16), cymbals: (4_200, 0.06))
  static let machine = DrumKit(kick: (48, 3, 0.2), snare: (180, 0.75, 0.14), cymbals: (7_000, 0.03))
}
