/// How much aspects count when songs are compared: the similarity is a mean of what the aspects' own cosines are, weighted
/// by these numbers. Only their ratios count. What is not named counts as it does in the model.
public struct SoundWeights: Sendable, Hashable, Codable {
  // Each under its own name, as they are stored; nil for what is not named.
  private var timbre, spectrum, rhythm, character: Float?

  /// Weights from 0 to 1000, of which not all are 0; nil for others.
  public init?(_ weights: [SoundAspect: Float]) {
    guard weights.values.allSatisfy({ (0...1000).contains($0) }) else { return nil }
    timbre = weights[.timbre]
    spectrum = weights[.spectrum]
    rhythm = weights[.rhythm]
    character = weights[.character]
    guard SoundAspect.allCases.contains(where: { self[$0] != 0 }) else { return nil }
  }

  /// The weight of an aspect; nil if it is not named.
  public subscript(aspect: SoundAspect) -> Float? {
    switch aspect {
    case .timbre: timbre
    case .spectrum: spectrum
    case .rhythm: rhythm
    case .character: character
    }
  }

  /// The aspects that are named.
  public var named: [SoundAspect] { SoundAspect.allCases.filter { self[$0] != nil } }
}
