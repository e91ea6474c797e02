/// An instrument: where its tone comes from and how that is shaped.
struct Patch: Sendable {
  enum Source: Sendable {
    /// Two oscillators, apart by a detuning in cents.
    case wavetable(Waveform, detuning: Float)
    /// A sine modulated by another: frequency ratio, modulation index at the stroke, and seconds in which the index
    /// falls to 1/e.
    case frequencyModulation(ratio: Float, index: Float, decay: Float)
    /// A plucked string: brightness of the stroke 0 to 1, and seconds in which it fades by 60 dB.
    case string(brightness: Float, decay: Float)
  }

  var source: Source
  var envelope: Envelope
  /// Cutoff of the low-pass filter at rest, in Hz.
  var cutoff: Float = 9_000
  var resonance: Float = 0.707
  /// Octaves by which a stroke opens the filter, and seconds in which it closes to 1/e of that.
  var filterSweep: Float = 0
  var filterDecay: Float = 0.2
  /// Depth in semitones, at 5.5 Hz, coming in after a moment.
  var vibrato: Float = 0
  /// Share of breath noise.
  var breath: Float = 0
  /// Gain into a saturating amplifier; 0 is clean.
  var drive: Float = 0
  var gain: Float = 1
}

/// Attack, decay, sustain, release; times in seconds, sustain 0 to 1.
struct Envelope: Sendable {
  var attack: Float
  var decay: Float
  var sustain: Float
  var release: Float

  /// The level at a time after the stroke, for a key let go at `gate`. It ends at exactly 0: no clicks.
  @inline(__always)
  func level(at time: Float, gate: Float) -> Float {
    let held = min(time, gate)
    var level = min(held / attack, 1)
    if held > attack {
      // (1 - x)^4 falls like an exponential, and costs less.
      let rest = max(1 - (held - attack) / (decay * 4), 0)
      level = sustain + (1 - sustain) * rest * rest * rest * rest
    }
    if time > gate {
      let rest = max(1 - (time - gate) / release, 0)
      level *= rest * rest * rest
    }
    return level
  }
}

extension Patch {
  static let nylonGuitar = Patch(
    source: .string(brightness: 0.45, decay: 2.4),
    envelope: .init(attack: 0.002, decay: 3, sustain: 0.5, release: 0.18), cutoff: 5_000, gain: 1.2)
  static let steelGuitar = Patch(
    source: .string(brightness: 0.85, decay: 3.2),
    envelope: .init(attack: 0.002, decay: 3, sustain: 0.6, release: 0.2), cutoff: 8_000, gain: 1.1)
  static let twangGuitar = Patch(
    source: .string(brightness: 0.95, decay: 2),
    envelope: .init(attack: 0.002, decay: 2, sustain: 0.6, release: 0.12), cutoff: 6_500, resonance: 1.4, drive: 1.5)
  static let driveGuitar = Patch(
    source: .string(brightness: 0.8, decay: 5),
    envelope: .init(attack: 0.003, decay: 4, sustain: 0.8, release: 0.09), cutoff: 4_200, drive: 9, gain: 0.55)
  static let electricPiano = Patch(
    source: .frequencyModulation(ratio: 1, index: 1.8, decay: 0.5),
    envelope: .init(attack: 0.003, decay: 0.9, sustain: 0.25, release: 0.25), cutoff: 5_000, gain: 0.9)
  static let vibraphone = Patch(
    source: .frequencyModulation(ratio: 4, index: 0.9, decay: 0.12),
    envelope: .init(attack: 0.002, decay: 0.7, sustain: 0.08, release: 0.4), cutoff: 8_000, vibrato: 0.1)
  static let glassBell = Patch(
    source: .frequencyModulation(ratio: 3.5, index: 2.2, decay: 0.35),
    envelope: .init(attack: 0.002, decay: 0.8, sustain: 0.05, release: 0.5), cutoff: 9_000, gain: 0.8)
  static let organ = Patch(
    source: .wavetable(.organ, detuning: 3),
    envelope: .init(attack: 0.006, decay: 0.1, sustain: 0.95, release: 0.06), cutoff: 4_500, gain: 0.7)
  static let accordion = Patch(
    source: .wavetable(.reed, detuning: 14),
    envelope: .init(attack: 0.05, decay: 0.2, sustain: 0.85, release: 0.1), cutoff: 5_000, vibrato: 0.08, gain: 0.7)
  static let flute = Patch(
    source: .wavetable(.triangle, detuning: 0),
    envelope: .init(attack: 0.06, decay: 0.2, sustain: 0.8, release: 0.12), cutoff: 6_000, vibrato: 0.18, breath: 0.05)
  static let brass = Patch(
    source: .wavetable(.saw, detuning: 8),
    envelope: .init(attack: 0.04, decay: 0.3, sustain: 0.75, release: 0.12), cutoff: 900, filterSweep: 1.6,
    filterDecay: 0.35, vibrato: 0.12, gain: 0.9)
  static let squareLead = Patch(
    source: .wavetable(.square, detuning: 6),
    envelope: .init(attack: 0.008, decay: 0.3, sustain: 0.7, release: 0.1), cutoff: 3_200, resonance: 1.2,
    vibrato: 0.15,
    gain: 0.7)
  static let sawLead = Patch(
    source: .wavetable(.saw, detuning: 12),
    envelope: .init(attack: 0.008, decay: 0.3, sustain: 0.75, release: 0.12), cutoff: 2_600, resonance: 1.5,
    filterSweep: 1, vibrato: 0.12, gain: 0.75)
  static let synthPluck = Patch(
    source: .wavetable(.saw, detuning: 9),
    envelope: .init(attack: 0.003, decay: 0.22, sustain: 0.15, release: 0.12), cutoff: 900, resonance: 2,
    filterSweep: 2.2, filterDecay: 0.12)
  static let pulseStab = Patch(
    source: .wavetable(.pulse, detuning: 10),
    envelope: .init(attack: 0.003, decay: 0.3, sustain: 0.3, release: 0.1), cutoff: 1_500, resonance: 1.3,
    filterSweep: 1.4, filterDecay: 0.15, gain: 0.8)
  static let warmPad = Patch(
    source: .wavetable(.saw, detuning: 16),
    envelope: .init(attack: 0.3, decay: 0.5, sustain: 0.8, release: 0.5), cutoff: 1_300, gain: 0.55)
  static let stringPad = Patch(
    source: .wavetable(.saw, detuning: 20),
    envelope: .init(attack: 0.18, decay: 0.5, sustain: 0.85, release: 0.4), cutoff: 3_400, vibrato: 0.1, gain: 0.45)
  static let choirPad = Patch(
    source: .wavetable(.reed, detuning: 11),
    envelope: .init(attack: 0.25, decay: 0.5, sustain: 0.8, release: 0.5), cutoff: 1_900, vibrato: 0.15, breath: 0.02,
    gain: 0.5)
  static let fingerBass = Patch(
    source: .string(brightness: 0.3, decay: 2.2),
    envelope: .init(attack: 0.004, decay: 1.5, sustain: 0.6, release: 0.08), cutoff: 1_600, gain: 1.3)
  static let pickBass = Patch(
    source: .string(brightness: 0.7, decay: 2.5),
    envelope: .init(attack: 0.003, decay: 1.5, sustain: 0.6, release: 0.06), cutoff: 2_600, drive: 1.2, gain: 1.3)
  static let synthBass = Patch(
    source: .wavetable(.saw, detuning: 5),
    envelope: .init(attack: 0.004, decay: 0.3, sustain: 0.6, release: 0.06), cutoff: 350, resonance: 1.8,
    filterSweep: 2, filterDecay: 0.14, gain: 1.2)
  static let subBass = Patch(
    source: .wavetable(.triangle, detuning: 0),
    envelope: .init(attack: 0.01, decay: 0.4, sustain: 0.8, release: 0.1), cutoff: 500, gain: 1.6)
}
