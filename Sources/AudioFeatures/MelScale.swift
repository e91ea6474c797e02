#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A scale of pitch on which equal steps sound equally far apart.
public enum MelScale: String, Sendable, Hashable, Codable, CaseIterable {
  /// Slaney's Auditory Toolbox: linear below 1000 Hz (66⅔ Hz a mel), logarithmic above (27 mels a factor of 6.4).
  /// librosa's default.
  case slaney

  /// The Hidden Markov Model Toolkit's: `2595 log10(1 + f / 700)`.
  case htk

  private static let linearStep = 200.0 / 3
  private static let borderFrequency = 1000.0
  private static let borderMel = borderFrequency / linearStep
  private static let logarithmicStep = log(6.4) / 27

  /// The mels of a frequency in Hz (≥ 0).
  public func mels(of frequency: Double) -> Double {
    switch self {
    case .htk: 2595 * log10(1 + frequency / 700)
    case .slaney where frequency < Self.borderFrequency: frequency / Self.linearStep
    case .slaney: Self.borderMel + log(frequency / Self.borderFrequency) / Self.logarithmicStep
    }
  }

  /// The frequency in Hz of a number of mels (≥ 0).
  public func frequency(ofMels mels: Double) -> Double {
    switch self {
    case .htk: 700 * (pow(10, mels / 2595) - 1)
    case .slaney where mels < Self.borderMel: mels * Self.linearStep
    case .slaney: Self.borderFrequency * exp(Self.logarithmicStep * (mels - Self.borderMel))
    }
  }
}
