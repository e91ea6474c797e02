import Foundation

/// Plays a note on an instrument into a track.
struct Voice {
  /// Samples for which envelope, filter and pitch stand still (or move linearly).
  static let blockLength = 32

  let patch: Patch
  let note: Note

  private var rate: Float { Float(SyntheticCollection.sampleRate) }
  private var frequency: Float { 440 * exp2(Float(note.pitch - 69) / 12) }

  /// Adds the note to a track of mono samples; what lies beyond its end is dropped.
  func render(into track: inout [Float], noise: inout NoiseGenerator) {
    switch patch.source {
    case .wavetable(let waveform, let detuning):
      let source = WavetableSource(waveform, frequency: frequency, detuning: detuning, noise: &noise)
      render(source, into: &track, noise: &noise)
    case .frequencyModulation(let ratio, let index, let decay):
      let source = FrequencyModulationSource(
        frequency: frequency, ratio: ratio, index: index, decay: decay, velocity: note.velocity)
      render(source, into: &track, noise: &noise)
    case .string(let brightness, let decay):
      let source = StringSource(
        frequency: frequency, brightness: brightness, decay: decay, velocity: note.velocity, noise: &noise)
      render(source, into: &track, noise: &noise)
    }
  }

  private func render(_ source: some ToneSource, into track: inout [Float], noise: inout NoiseGenerator) {
    var source = source
    var filter = StateVariableFilter(cutoff: patch.cutoff, resonance: patch.resonance)
    let first = max(Int(note.start * Double(rate)), 0)
    let gate = Float(note.duration)
    let end = min(first + Int((gate + patch.envelope.release) * rate), track.count)
    let loudness = patch.gain * (0.3 + 0.7 * note.velocity)
    let breath = patch.breath
    var level: Float = 0
    track.withUnsafeMutableBufferPointer { track in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.blockLength) { block in
        block.initialize(repeating: 0)
        for start in stride(from: first, to: end, by: Self.blockLength) {
          let time = Float(start - first) / rate
          let target = loudness * patch.envelope.level(at: time + Float(Self.blockLength) / rate, gate: gate)
          source.fill(block, bend: bend(at: time))
          filter.setCutoff(cutoff(at: time), resonance: patch.resonance)
          let slope = (target - level) / Float(Self.blockLength)
          for offset in 0..<min(Self.blockLength, end - start) {
            level += slope
            let input = breath > 0 ? block[offset] + breath * noise.next() : block[offset]
            track[start + offset] += level * filter.process(input).low
          }
          level = target
        }
      }
    }
  }

  private func bend(at time: Float) -> Float {
    guard patch.vibrato > 0 else { return 1 }
    let depth = patch.vibrato * min(time / 0.4, 1)
    return exp2(depth / 12 * sin(2 * .pi * 5.5 * time))
  }

  private func cutoff(at time: Float) -> Float {
    guard patch.filterSweep > 0 else { return patch.cutoff }
    return patch.cutoff * exp2(patch.filterSweep * (0.4 + 0.6 * note.velocity) * exp(-time / patch.filterDecay))
  }
}
