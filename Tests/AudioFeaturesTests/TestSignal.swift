import Foundation

/// The signals of `Tests/Goldens/features.py`, by the same formulas.
enum TestSignal: String, CaseIterable, Decodable, Sendable {
  case silence
  case sweep
  case noise
  case sweepInNoise
  case clicks
  case silenceThenNoise
  case veryQuiet
  case constant
  case square
  case twoTones

  func samples(count: Int, sampleRate: Int) -> [Float] {
    values(count: count, sampleRate: sampleRate).map { Float($0) }
  }

  private func values(count: Int, sampleRate: Int) -> [Double] {
    let indices = 0..<count
    switch self {
    case .silence: return indices.map { _ in 0 }
    case .sweep: return Self.sweep(count, sampleRate)
    case .noise: return Self.noise(count).map { 0.3 * $0 }
    case .sweepInNoise: return zip(Self.sweep(count, sampleRate), Self.noise(count)).map { $0 + 0.01 * $1 }
    case .clicks:
      let period = sampleRate / 7
      return indices.map { $0 % period != 0 ? 0 : $0 / period % 2 == 0 ? 1 : -1 }
    case .silenceThenNoise: return zip(indices, Self.noise(count)).map { $0 < count / 2 ? 0 : 0.3 * $1 }
    case .veryQuiet: return Self.noise(count).map { 1e-5 * $0 }
    case .constant: return indices.map { _ in 0.25 }
    case .square: return indices.map { $0 * 220 / sampleRate % 2 == 0 ? 1 : -1 }
    case .twoTones:
      return indices.map { index in
        let t = Double(index) / Double(sampleRate)
        return 0.7 * sin(2 * .pi * 440 * t) + 0.7 * pow(10, -3.5) * sin(2 * .pi * 3000 * t)
      }
    }
  }

  private static func noise(_ count: Int) -> [Double] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Double(state >> 8) / 8_388_608 - 1
    }
  }

  private static func sweep(_ count: Int, _ sampleRate: Int) -> [Double] {
    let low = 20.0
    let high = 0.475 * Double(sampleRate)
    let duration = Double(max(count, 1)) / Double(sampleRate)
    return (0..<count).map { index in
      let t = Double(index) / Double(sampleRate)
      return 0.5 * sin(2 * .pi * (low * t + (high - low) * t * t / (2 * duration)))
    }
  }
}
