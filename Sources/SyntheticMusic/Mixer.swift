import Foundation

/// Plays a score: instruments, amplifier, echo, room, master.
struct Mixer {
  let plan: SongPlan
  let sampleCount: Int
  var noise: NoiseGenerator

  private static let rate = Double(SyntheticCollection.sampleRate)

  /// Samples of the left and right channel, -1 to 1.
  mutating func render(_ score: SongScore) -> [[Float]] {
    let room = plan.style.room
    let wet = room.reverberation * plan.mastering.reverberation
    var mix = StereoMix(sampleCount: sampleCount)
    addDrums(score.drums, wet: 0.4 * wet, to: &mix)
    mix.add(track(score.bass, on: plan.bass), gain: gain(1) * 0.5, pan: 0, wet: 0.1 * wet)
    mix.add(track(score.chords, on: plan.chords, echo: room.echo), gain: gain(2) * 0.24, pan: -0.35, wet: wet)
    mix.add(track(score.pad, on: plan.pad), gain: gain(3) * 0.2, pan: 0.3, wet: 1.3 * wet)
    mix.add(track(score.lead, on: plan.lead, echo: room.echo), gain: gain(4) * 0.4, pan: 0.15, wet: wet)
    mix.addReverberation(size: room.size)
    var console = MasteringConsole(mastering: plan.mastering, noise: noise)
    return console.process(left: mix.left, right: mix.right)
  }

  private func gain(_ part: Int) -> Float {
    Float(pow(10, plan.mastering.partGains[part] / 20))
  }

  private mutating func addDrums(_ hits: [DrumHit], wet: Float, to mix: inout StereoMix) {
    var synthesizer = DrumSynthesizer(kit: plan.kit, noise: noise)
    let sounds = Drum.allCases.map { synthesizer.sound(of: $0) }
    noise = synthesizer.noise
    for hit in hits {
      let level: Float = hit.drum == .kick ? 0.6 : hit.drum == .snare || hit.drum == .clap ? 0.4 : 0.25
      mix.add(
        sounds[hit.drum.rawValue], at: Int(hit.start * Self.rate),
        gain: gain(0) * plan.kit.gain * level * hit.velocity * hit.velocity, pan: hit.drum.pan,
        wet: hit.drum == .kick ? 0 : wet)
    }
  }

  private mutating func track(_ notes: [Note], on patch: Patch, echo: Float = 0) -> [Float] {
    var samples = [Float](repeating: 0, count: sampleCount)
    for note in notes {
      Voice(patch: patch, note: note).render(into: &samples, noise: &noise)
    }
    if patch.drive > 0 { Self.saturate(&samples, drive: patch.drive) }
    if echo > 0 { addEcho(echo, to: &samples) }
    return samples
  }

  /// An amplifier that is driven too hard, and its loudspeaker.
  private static func saturate(_ samples: inout [Float], drive: Float) {
    var loudspeaker = StateVariableFilter(cutoff: 4_200)
    for index in samples.indices {
      let input = max(min(drive * samples[index], 3), -3)
      // A rational approximation of tanh, exact at 0 and ±3.
      let output = input * (27 + input * input) / (27 + 9 * input * input)
      samples[index] = loudspeaker.process(output).low
    }
  }

  /// Echoes at a distance in steps of the bar, each darker and weaker than the one before.
  private func addEcho(_ share: Float, to samples: inout [Float]) {
    let meter = plan.style.meter
    let distance = Int(
      meter.time(bar: 0, step: 2, tempo: plan.tempo) / 2 * Double(plan.style.room.echoSteps) * Self.rate)
    guard distance > 0, distance < samples.count else { return }
    var dark: Float = 0
    var echoes = [Float](repeating: 0, count: samples.count)
    for index in distance..<samples.count {
      let source = samples[index - distance] + 0.5 * echoes[index - distance]
      dark += 0.45 * (source - dark)
      echoes[index] = dark
    }
    for index in distance..<samples.count { samples[index] += share * echoes[index] }
  }
}
