import AudioFeatures
import Foundation
import Testing

@Suite struct SoundMeterTests {
  private static let rate = Double(SoundMeter.sampleRate)

  private func sine(_ hertz: Double, amplitude: Double = 1, seconds: Double = 10) -> [Float] {
    (0..<Int(seconds * Self.rate)).map { Float(amplitude * sin(2 * .pi * hertz * Double($0) / Self.rate)) }
  }

  /// Chords with a drum on every beat.
  private func piece(tempo: Double) -> [Float] {
    let beat = 60 / tempo
    let pitches: [[Double]] = [0, 5, 7, 0].map { (root: Int) -> [Double] in
      [-12, 0, 4, 7].map { (step: Int) -> Double in 261.63 * exp2(Double(root + step) / 12) }
    }
    var noise: UInt32 = 1
    var samples: [Float] = []
    for index in 0..<Int(30 * Self.rate) {
      let time = Double(index) / Self.rate
      let beats = Int(time / beat)
      let sinceBeat = time.truncatingRemainder(dividingBy: beat)
      noise = noise &* 1_664_525 &+ 1_013_904_223
      let hiss = Double(noise) / Double(UInt32.max) - 0.5
      var sound = 0.3 * hiss * exp(-sinceBeat * 40)
      if beats.isMultiple(of: 2) { sound += 0.3 * sin(2 * .pi * 60 * sinceBeat) * exp(-sinceBeat * 20) }
      let decay: Double = 0.05 * exp(-sinceBeat * 2)
      for hertz in pitches[beats / 4 % 4] {
        for partial in 1...4 {
          let angle: Double = 2 * .pi * hertz * Double(partial) * time
          sound += decay * sin(angle) / Double(partial * partial)
        }
      }
      samples.append(Float(sound))
    }
    return samples
  }

  @Test(arguments: [62.0, 84, 97.5, 120, 133, 151])
  func tempoWithinAPercentOrAnOctave(tempo: Double) throws {
    let found = try #require(try SoundMeter().measures(of: piece(tempo: tempo)).tempo)
    let octaves = log2(found / tempo)
    #expect(abs(octaves - octaves.rounded()) < log2(1.01) && abs(octaves) < 1.1, "\(found)")
    if (80...160).contains(tempo) { #expect(abs(found / tempo - 1) < 0.01, "\(found)") }
  }

  /// BS.1770-4: 997 Hz at full scale is -3.01 LUFS in one speaker, and so 0 in two; a tenth of it is 20 dB less.
  @Test func loudnessOfASine() throws {
    let meter = try SoundMeter()
    let full = try #require(meter.measures(of: sine(997)).loudness)
    #expect(abs(full) < 0.05, "\(full)")
    let tenth = try #require(meter.measures(of: sine(997, amplitude: 0.1)).loudness)
    #expect(abs(full - 20 - tenth) < 0.01)
    // Silence around it is gated away.
    let around = [Float](repeating: 0, count: 220_500) + sine(997)
    let gated = try #require(meter.measures(of: around).loudness)
    #expect(abs(gated - full) < 0.3)
    let low = try #require(meter.measures(of: sine(50)).loudness)
    let high = try #require(meter.measures(of: sine(4000)).loudness)
    #expect(low < full - 1 && high > full + 2 && high < full + 4.5, "\(low), \(high)")
  }

  @Test func whatGoesOnHasNoTempo() throws {
    let meter = try SoundMeter()
    for hertz in [110.0, 997, 5000] { #expect(meter.measures(of: sine(hertz)).tempo == nil) }
  }

  @Test func brightnessOfASineIsItsFrequency() throws {
    let meter = try SoundMeter()
    for hertz in [500.0, 2000, 6000] {
      let found = try #require(meter.measures(of: sine(hertz)).brightness)
      #expect(abs(found - hertz) < 0.03 * hertz, "\(found)")
    }
  }

  private static let odd: [[Float]] = [
    [], [0], Array(repeating: 0, count: 100_000), Array(repeating: .infinity, count: 50_000),
    Array(repeating: .nan, count: 50_000), Array(repeating: 3e38, count: 50_000), Array(repeating: 1, count: 500_000),
  ]

  @Test(arguments: odd)
  func whatHasNoBeatHasNoTempo(samples: [Float]) throws {
    let measures = try SoundMeter().measures(of: samples)
    #expect(measures.tempo == nil)
    #expect(measures.loudness?.isFinite != false && measures.brightness?.isFinite != false)
  }

  @Test func noiseHasNoTempo() throws {
    var state: UInt32 = 7
    let noise = (0..<661_500).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state) / Float(UInt32.max) - 0.5
    }
    let measures = try SoundMeter().measures(of: noise)
    #expect(measures.tempo == nil, "\(measures)")
    #expect(abs((measures.brightness ?? 0) - 5512) < 100)
  }
}
