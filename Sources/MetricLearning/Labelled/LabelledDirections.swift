import NeuralNetwork

/// Learns from labelled vectors which differences count: those within makers and sets less, those between classes more.
/// What comes of it is a change of the vectors that stand: directions that no label speaks of stay as they are.
///
/// - Within: the leading directions of the scatter within makers and within sets, shrunk as by
///   `WithinClassNormalisation`. Each of the two counts by its trust: the share of all scatter that it explains.
/// - Between: the directions of a ridge regression from the vectors, shrunk, to their classes (`RidgeRegression`),
///   stretched by √(1 + (gain · s)²) for a direction whose singular value is s times the largest. That is what joining
///   the predicted classes with the vectors would make of their products. Each class counts by its trust.
public struct LabelledDirections: Sendable {
  /// How far a kind of label, or a class, can be trusted.
  public struct Trust: Sendable, Hashable {
    /// Of makers and of sets: 1 minus the share of all scatter that lies within them; 0...1, and 0 for labels by chance.
    public var makers, sets: Double
    /// Of each class that is used, by its number: 0...1.
    public var classes: [Int: Double]
  }

  /// λ of the shrinking within; 100 to 400 measure alike (docs/decisions/learn.md).
  public static let shrinkage = 200.0
  /// λ of the regression, relative to the mean squared length of the vectors; 0.3 to 3 measure alike.
  public static let ridge = 1.0
  /// A class of fewer vectors, or of fewer makers, says nothing of others.
  public static let fewestVectors = 4, fewestMakers = 2

  /// How far labels were trusted.
  public let trust: Trust
  private let within: LowRankChange
  /// The directions between classes, and how strong each is: 1 for the strongest.
  private let between: LowRankChange

  /// Whether no class says anything.
  public var isWithoutClasses: Bool { between.count == 0 }

  /// Learns from labelled vectors.
  ///
  /// O(vectors · dimension · min(vectors, dimension)).
  ///
  /// - Parameter count: how many directions within are shrunk, at most.
  public init(learning labelled: LabelledVectors, count: Int) {
    let dimension = labelled.vectors.dimension
    let makers = GroupScatter(labelled.vectors, labels: labelled.makers)
    let sets = GroupScatter(labelled.vectors, labels: labelled.sets)
    let total = makers.trust + sets.trust
    if total > 0 {
      // Rows whose scatter is the average of both, of trace 1.
      let rows = [makers, sets].flatMap { $0.rows(weight: $0.trust / total) }
      let leading = PrincipalDirections(of: rows, dimension: dimension, count: count)
      within = LowRankChange(
        dimension: dimension, directions: leading.vectors,
        gains: leading.values.map { Float(1 / (1 + Self.shrinkage * $0).squareRoot() - 1) })
    } else {
      within = LowRankChange(dimension: dimension, directions: [], gains: [])
    }
    var shrunk = labelled.vectors.values
    within.apply(to: &shrunk)
    let classes = TrustedClasses(
      LabelledVectors(
        vectors: EmbeddingMatrix(count: labelled.vectors.count, dimension: dimension, values: shrunk),
        makers: labelled.makers, sets: labelled.sets, classes: labelled.classes))
    between = Self.directions(between: classes, dimension: dimension)
    trust = Trust(makers: makers.trust, sets: sets.trust, classes: classes.trust)
  }

  /// The change of the vectors, with so much gain between classes, of at most `count` directions.
  public func change(gain: Double, count: Int) -> LowRankChange {
    let stretched = LowRankChange(
      dimension: between.dimension, directions: between.directions,
      gains: between.gains.map { Float((1 + gain * gain * Double($0) * Double($0)).squareRoot() - 1) })
    return LowRankChange(composing: within, then: stretched, count: count)
  }

  private static func directions(between classes: TrustedClasses, dimension: Int) -> LowRankChange {
    let nothing = LowRankChange(dimension: dimension, directions: [], gains: [])
    guard !classes.targets.isEmpty else { return nothing }
    let regression = RidgeRegression(classes.rows, dimension: dimension, targets: classes.targets, strength: ridge)
    var weights = regression.weights
    for (place, weight) in classes.weights.enumerated() {
      for index in place * dimension..<(place + 1) * dimension { weights[index] *= Float(weight) }
    }
    let leading = PrincipalDirections(of: weights, dimension: dimension, count: classes.targets.count)
    guard let largest = leading.values.first else { return nothing }
    return LowRankChange(
      dimension: dimension, directions: leading.vectors,
      gains: leading.values.map { Float(($0 / largest).squareRoot()) })
  }
}
