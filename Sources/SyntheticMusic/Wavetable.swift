import Foundation

/// Timbres as amplitudes of harmonics.
enum Waveform: Int, CaseIterable, Sendable {
  case sine, triangle, square, pulse, saw, organ, reed

  fileprivate func amplitude(ofHarmonic harmonic: Int) -> Double {
    let n = Double(harmonic)
    switch self {
    case .sine: return harmonic == 1 ? 1 : 0
    case .triangle: return harmonic % 2 == 1 ? (harmonic % 4 == 1 ? 1 : -1) / (n * n) : 0
    case .square: return harmonic % 2 == 1 ? 1 / n : 0
    case .pulse: return sin(.pi * n * 0.22) / n
    case .saw: return 1 / n
    case .organ: return [1: 1, 2: 0.7, 3: 0.5, 4: 0.45, 6: 0.25, 8: 0.3][harmonic] ?? 0
    case .reed: return harmonic <= 24 ? exp(-pow((n - 3.5) / 4, 2)) + 0.4 / n : 0
    }
  }
}

/// One period of a waveform for each octave of fundamentals, with only the harmonics below the Nyquist frequency.
struct Wavetable: Sendable {
  /// log2 of the samples in a period.
  static let sizeBits = 11
  private static let lowestFundamental: Float = 27.5
  private static let banks = Waveform.allCases.map(Wavetable.init)

  /// Periods of 2^``sizeBits`` + 1 samples; the last repeats the first, for interpolation.
  private let periods: [[Float]]

  static func of(_ waveform: Waveform) -> Wavetable { banks[waveform.rawValue] }

  /// The period to play for a fundamental in Hz.
  func period(forFundamental fundamental: Float) -> [Float] {
    let octave = Int(log2(max(fundamental, 1) / Self.lowestFundamental).rounded(.down)) + 1
    return periods[min(max(octave, 0), periods.count - 1)]
  }

  private init(_ waveform: Waveform) {
    let size = 1 << Self.sizeBits
    let sine = (0..<size).map { sin(2 * .pi * Double($0) / Double(size)) }
    let nyquist = Float(SyntheticCollection.sampleRate) / 2
    periods = (0..<9).map { octave in
      let harmonicCount = min(Int(nyquist / (Self.lowestFundamental * Float(1 << octave))), size / 4)
      var period = [Double](repeating: 0, count: size)
      for harmonic in 1...max(harmonicCount, 1) {
        let amplitude = waveform.amplitude(ofHarmonic: harmonic)
        guard amplitude != 0 else { continue }
        for index in 0..<size { period[index] += amplitude * sine[(index * harmonic) & (size - 1)] }
      }
      // Equal power whatever the timbre, so that bands may swap instruments without a new mix.
      let power = period.reduce(0) { $0 + $1 * $1 } / Double(size)
      let samples = period.map { Float(0.3 * $0 / power.squareRoot()) }
      return samples + [samples[0]]
    }
  }
}

/// A phase that turns once a period: its upper bits index a ``Wavetable``'s period, the lower ones interpolate.
struct OscillatorPhase: Sendable {
  private(set) var value: UInt32 = 0
  private var increment: UInt32 = 0

  /// Creates a phase at a fraction of the period.
  init(fraction: Float = 0) {
    value = UInt32(truncatingIfNeeded: Int64(Double(fraction) * 0x1p32))
  }

  mutating func setFrequency(_ frequency: Float) {
    increment = UInt32(truncatingIfNeeded: Int64(Double(frequency) / Double(SyntheticCollection.sampleRate) * 0x1p32))
  }

  /// Reads the period with an offset (in periods, for phase modulation) and goes on by a sample.
  @inline(__always)
  mutating func next(in period: UnsafeBufferPointer<Float>, offset: Float = 0) -> Float {
    let position = value &+ UInt32(bitPattern: Int32(truncatingIfNeeded: Int64(offset * 0x1p32)))
    let index = Int(position >> UInt32(32 - Wavetable.sizeBits))
    let fraction =
      Float(position & ((1 << UInt32(32 - Wavetable.sizeBits)) - 1)) * (1 / Float(1 << (32 - Wavetable.sizeBits)))
    value = value &+ increment
    return period[index] + fraction * (period[index + 1] - period[index])
  }
}
