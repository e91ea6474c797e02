/// How much each aspect counts when songs are compared: the similarity is a mean of what the aspects' own cosines are,
/// weighted by these numbers. Only their ratios count.
public struct SoundWeights: Sendable, Hashable, Codable {
  /// A weight, at least 0.
  public private(set) var timbre, spectrum, rhythm: Float

  /// What counts unless something else is asked for: ``SoundAspect/standardWeight``.
  public static let standard = SoundWeights()

  /// Weights from 0 to 1000, of which at least one is above 0; what is not named keeps its standard weight.
  public init?(_ weights: [SoundAspect: Float]) {
    self.init()
    guard weights.values.allSatisfy({ (0...1000).contains($0) }) else { return nil }
    timbre = weights[.timbre] ?? timbre
    spectrum = weights[.spectrum] ?? spectrum
    rhythm = weights[.rhythm] ?? rhythm
    guard timbre + spectrum + rhythm > 0 else { return nil }
  }

  private init() {
    timbre = SoundAspect.timbre.standardWeight
    spectrum = SoundAspect.spectrum.standardWeight
    rhythm = SoundAspect.rhythm.standardWeight
  }

  /// Whether they have the ratios of the standard weights, which are no round numbers as they are stored.
  public var isStandard: Bool {
    let shares = SoundAspect.allCases.map { self[$0] / $0.standardWeight }
    guard let least = shares.min(), let most = shares.max() else { return true }
    return most - least <= 1e-4 * most
  }

  /// The weight of an aspect.
  public subscript(aspect: SoundAspect) -> Float {
    switch aspect {
    case .timbre: timbre
    case .spectrum: spectrum
    case .rhythm: rhythm
    }
  }
}
