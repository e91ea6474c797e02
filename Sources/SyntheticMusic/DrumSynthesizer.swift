import Foundation

/// Makes each drum's sound once a song; hits then only add it.
struct DrumSynthesizer {
  let kit: DrumKit
  var noise: NoiseGenerator

  private var rate: Float { Float(SyntheticCollection.sampleRate) }

  /// Mono samples, peak about 1, that end in silence.
  mutating func sound(of drum: Drum) -> [Float] {
    let (shell, wires) = (kit.snare.frequency, kit.snare.decay)
    switch drum {
    case .kick: return tone(kit.kick.frequency, sweep: kit.kick.sweep, decay: kit.kick.decay, click: 0.15)
    case .snare:
      let body = tone(shell, sweep: 0.4, decay: 0.07, click: 0.1)
      let rattle = hiss(above: 1_500, decay: wires, attack: 0.001)
      return Self.sum(body, 1 - kit.snare.noise / 2, rattle, kit.snare.noise)
    case .rim:
      let knock = hiss(above: 2_500, decay: 0.008, attack: 0.0005)
      return Self.sum(tone(1_700, sweep: 0, decay: 0.018, click: 0), 0.5, knock, 0.5)
    case .clap: return clap()
    case .closedHat: return hiss(above: kit.cymbals.frequency, decay: kit.cymbals.decay, attack: 0.001)
    case .openHat: return hiss(above: kit.cymbals.frequency * 0.9, decay: kit.cymbals.decay * 5, attack: 0.001)
    case .ride:
      let ping = tone(3_450, sweep: 0, decay: 0.12, click: 0)
      return Self.sum(hiss(above: kit.cymbals.frequency, decay: 0.28, attack: 0.001), 0.6, ping, 0.12)
    case .crash: return hiss(above: kit.cymbals.frequency * 0.55, decay: 0.55, attack: 0.002)
    case .shaker: return hiss(above: 5_000, decay: 0.03, attack: 0.018)
    case .highTom: return tone(kit.kick.frequency * 3, sweep: 0.7, decay: 0.14, click: 0.08)
    case .lowTom: return tone(kit.kick.frequency * 2, sweep: 0.7, decay: 0.18, click: 0.08)
    }
  }

  /// A sine that falls by `sweep` octaves onto its pitch, with a short noise of the stick.
  private mutating func tone(_ frequency: Float, sweep: Float, decay: Float, click: Float) -> [Float] {
    let count = Int(6 * decay * rate)
    var phase: Float = 0
    return (0..<count).map { index in
      let time = Float(index) / rate
      phase += frequency * exp2(sweep * exp(-time / 0.025)) / rate
      let strike = click * noise.next() * exp(-time / 0.004)
      return (sin(2 * .pi * phase) * exp(-time / decay) + strike) * edges(index, count)
    }
  }

  private mutating func hiss(above frequency: Float, decay: Float, attack: Float) -> [Float] {
    let count = Int((attack + 6 * decay) * rate)
    var filter = StateVariableFilter(cutoff: frequency, resonance: 0.9)
    return (0..<count).map { index in
      let time = Float(index) / rate
      let level = min(time / attack, 1) * exp(-max(time - attack, 0) / decay)
      return 0.6 * filter.process(noise.next()).high * level * edges(index, count)
    }
  }

  /// Four quick bursts, as of several hands.
  private mutating func clap() -> [Float] {
    let count = Int(0.35 * rate)
    var filter = StateVariableFilter(cutoff: 1_300, resonance: 1.6)
    return (0..<count).map { index in
      let time = Float(index) / rate
      let burst = time < 0.033 ? exp(-time.truncatingRemainder(dividingBy: 0.011) / 0.004) : exp(-(time - 0.033) / 0.06)
      return 0.8 * filter.process(noise.next()).band * burst * edges(index, count)
    }
  }

  /// A ramp of a millisecond at both ends.
  private func edges(_ index: Int, _ count: Int) -> Float {
    min(Float(min(index, count - 1 - index)) / 22, 1)
  }

  private static func sum(_ first: [Float], _ firstGain: Float, _ second: [Float], _ secondGain: Float) -> [Float] {
    (0..<max(first.count, second.count)).map { index in
      (index < first.count ? firstGain * first[index] : 0) + (index < second.count ? secondGain * second[index] : 0)
    }
  }
}
