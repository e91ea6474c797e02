import Reproducibility

/// Where points begin: close together, with a standard deviation of 0.0001 in the first coordinate, so that the first
/// steps do not depend on points far away (Kobak and Berens, 2019).
enum InitialCoordinates {
  static let deviation = 1e-4

  /// The first two principal components, with a hundredth of noise, which separates copies of one vector.
  static func principalComponents(of vectors: MetricVectors, randomSeed: UInt64, threads: Int) -> [SIMD2<Float>] {
    var generator = SplitMix(seed: randomSeed)
    let scores = PrincipalPlane(of: vectors, using: &generator, threads: threads).scores
    var squares = 0.0
    for score in scores { squares += score.x * score.x }
    let spread = (squares / Double(scores.count)).squareRoot()
    guard spread > 0 else { return random(count: vectors.count, randomSeed: randomSeed) }
    return scores.map { score in
      SIMD2<Float>(deviation * (score / spread + 0.01 * generator.nextNormalPair()))
    }
  }

  /// Normally distributed coordinates.
  static func random(count: Int, randomSeed: UInt64) -> [SIMD2<Float>] {
    var generator = SplitMix(seed: randomSeed)
    return (0..<count).map { _ in SIMD2<Float>(deviation * generator.nextNormalPair()) }
  }
}
