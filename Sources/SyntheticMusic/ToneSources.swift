import Foundation

/// Something that makes a tone, a block of samples at a time.
protocol ToneSource {
  /// Fills the block at a pitch that is bent by a frequency factor (1 without vibrato).
  mutating func fill(_ block: UnsafeMutableBufferPointer<Float>, bend: Float)
}

/// Two detuned oscillators.
struct WavetableSource: ToneSource {
  private let period: [Float]
  private let frequencies: (Float, Float)
  private var phases: (OscillatorPhase, OscillatorPhase)

  init(_ waveform: Waveform, frequency: Float, detuning: Float, noise: inout NoiseGenerator) {
    let ratio = exp2(detuning / 2_400)
    frequencies = (frequency * ratio, frequency / ratio)
    period = Wavetable.of(waveform).period(forFundamental: frequency)
    phases = (OscillatorPhase(fraction: noise.next()), OscillatorPhase(fraction: noise.next()))
  }

  mutating func fill(_ block: UnsafeMutableBufferPointer<Float>, bend: Float) {
    phases.0.setFrequency(frequencies.0 * bend)
    phases.1.setFrequency(frequencies.1 * bend)
    var (first, second) = phases
    period.withUnsafeBufferPointer { period in
      for index in block.indices {
        block[index] = 0.7 * (first.next(in: period) + second.next(in: period))
      }
    }
    phases = (first, second)
  }
}

/// A sine whose phase another sine modulates: bells and electric pianos.
///
/// Source: Chowning, *The Synthesis of Complex Audio Spectra by Means of Frequency Modulation* (1973).
struct FrequencyModulationSource: ToneSource {
  private let period = Wavetable.of(.sine).period(forFundamental: 0)
  private let frequency: Float
  private let ratio: Float
  private var index: Float
  private let indexDecay: Float
  private var carrier = OscillatorPhase()
  private var modulator = OscillatorPhase()

  init(frequency: Float, ratio: Float, index: Float, decay: Float, velocity: Float) {
    self.frequency = frequency
    // Above the Nyquist frequency the modulator would fold back as an unrelated tone.
    self.ratio = frequency * ratio < 0.4 * Float(SyntheticCollection.sampleRate) ? ratio : 1
    self.index = index * (0.4 + 0.6 * velocity)
    indexDecay = exp(-Float(Voice.blockLength) / (decay * Float(SyntheticCollection.sampleRate)))
  }

  mutating func fill(_ block: UnsafeMutableBufferPointer<Float>, bend: Float) {
    carrier.setFrequency(frequency * bend)
    modulator.setFrequency(frequency * ratio * bend)
    // The table's sine has power 0.09, so its peak is 0.42; the offset counts in periods.
    let depth = index / (2 * .pi * 0.4243)
    var (carrier, modulator) = (carrier, modulator)
    period.withUnsafeBufferPointer { period in
      for index in block.indices {
        block[index] = carrier.next(in: period, offset: depth * modulator.next(in: period))
      }
    }
    (self.carrier, self.modulator) = (carrier, modulator)
    index *= indexDecay
  }
}

/// A plucked string: noise going round a delay line that dulls it a little each time.
///
/// Source: Karplus and Strong, *Digital Synthesis of Plucked-String and Drum Timbres* (1983); fractional delay by
/// linear interpolation.
struct StringSource: ToneSource {
  private var line: [Float]
  private var position = 0
  private let fraction: Float
  private let feedback: Float
  private var last: Float = 0

  init(frequency: Float, brightness: Float, decay: Float, velocity: Float, noise: inout NoiseGenerator) {
    let rate = Float(SyntheticCollection.sampleRate)
    // The averaging in the loop delays by half a sample.
    let delay = max(rate / frequency - 0.5, 4)
    let length = Int(delay)
    fraction = delay - Float(length)
    feedback = exp(-6.9 / (decay * frequency))
    line = [Float](repeating: 0, count: length + 1)
    let smoothing = min(brightness * (0.6 + 0.4 * velocity), 1)
    var state: Float = 0
    for index in line.indices {
      state += smoothing * (noise.next() - state)
      line[index] = state
    }
    let power = line.reduce(0) { $0 + $1 * $1 } / Float(line.count)
    let mean = line.reduce(0, +) / Float(line.count)
    let scale = 0.4 / max(power.squareRoot(), 1e-3)
    for index in line.indices { line[index] = (line[index] - mean) * scale }
  }

  mutating func fill(_ block: UnsafeMutableBufferPointer<Float>, bend: Float) {
    var (position, last) = (position, last)
    line.withUnsafeMutableBufferPointer { line in
      for index in block.indices {
        let next = position + 1 == line.count ? 0 : position + 1
        // The oldest sample, and the one after it, `fraction` of the way back.
        let oldest = line[position]
        let output = oldest + (1 - fraction) * (line[next] - oldest)
        line[position] = feedback * 0.5 * (output + last)
        last = output
        block[index] = output
        position = next
      }
    }
    (self.position, self.last) = (position, last)
  }
}
