/// t-distributed stochastic neighbour embedding: maps vectors to points in the plane so that near ones stay near
/// (van der Maaten and Hinton, 2008).
///
/// It minimises the Kullback–Leibler divergence KL(P‖Q) = Σᵢⱼ pᵢⱼ ln(pᵢⱼ / qᵢⱼ). P says how near two vectors are
/// (Gaussian, with a width that gives each vector `perplexity` neighbours), and Q how near their points are (Student's
/// t):
///
///     qᵢⱼ = kᵢⱼ / Σ k,   kᵢⱼ = 1 / (1 + ‖yᵢ - yⱼ‖²)
///
/// The defaults are scikit-learn's. For small sets all pairs are computed. For large ones only the nearest 3 ×
/// perplexity + 1 neighbours, found exactly, attract each other, and all points repel each other through a field on a
/// grid, as in FIt-SNE (Linderman et al., 2019), at O(count × perplexity + area) per iteration.
///
/// The same seed and vectors give the same coordinates bit for bit on the same type of machine, for any number of
/// threads. Copies of a vector come to lie side by side. A constant dimension has no effect.
public struct TSNE: Sendable, Hashable {
  /// A measure of how far apart two vectors are.
  public enum Metric: Sendable, Hashable, CaseIterable {
    /// 1 - cos(a, b); a vector of zeros is at distance 1 from all others.
    case cosine
    /// ‖a - b‖.
    case euclidean
  }

  /// How repulsion is computed, and which pairs attract each other.
  public enum Method: Sendable, Hashable {
    /// `exact` up to `exactLimit` vectors, `interpolated` above.
    case automatic
    /// All pairs, at O(count²) time per iteration and O(count²) memory.
    case exact
    /// Nearest neighbours attract each other; repulsion is interpolated on a grid. Fewer than 64 vectors are computed
    /// exactly, which is faster.
    case interpolated
  }

  /// The largest number of vectors for which `Method.automatic` computes all pairs.
  public static let exactLimit = 1000

  private static let smallestGridCount = 64

  /// Roughly the number of neighbours of a vector, at least 1. Lowered to (count - 1) / 3 for few vectors.
  public var perplexity = 30.0
  /// The distance.
  public var metric = Metric.cosine
  /// The method.
  public var method = Method.automatic
  /// The maximum number of steps; fewer are taken if 300 steps bring no improvement.
  public var iterationLimit = 1000
  /// The factor of the attraction in the first `earlyIterations` steps, so that clusters form.
  public var earlyExaggeration = 12.0
  /// The number of steps with `earlyExaggeration`.
  public var earlyIterations = 250
  /// The step for a gradient of 1; nil for max(count / earlyExaggeration / 4, min(count, 50)): scikit-learn's, lowered
  /// for few vectors, which would fly apart.
  public var learningRate: Double?
  /// The seed of the noise that separates copies of a vector.
  public var randomSeed: UInt64 = 0

  /// t-SNE with the default settings.
  public init() {}

  /// Maps `count` vectors, given row by row as `count` × `dimension` values.
  ///
  /// The map of no vectors is empty; a single vector lies at (0, 0).
  ///
  /// - Parameters:
  ///   - vectors: `count` × `dimension` values.
  ///   - count: The number of vectors.
  ///   - dimension: The length of a vector, at least 1.
  ///   - threads: How many to use at most, at least 1; the result does not depend on it.
  ///   - progress: Called before each step; returns whether to go on.
  /// - Throws: `TSNEError.notFinite`, or `TSNEError.interrupted` if `progress` returned false.
  public func map(
    _ vectors: [Float], count: Int, dimension: Int, threads: Int, progress: ((TSNEProgress) -> Bool)? = nil
  ) throws(TSNEError) -> TSNEMap {
    check(threads: threads)
    precondition(dimension > 0, "the dimension is \(dimension); it must be at least 1")
    precondition(
      vectors.count == count * dimension, "\(vectors.count) values for \(count) vectors of dimension \(dimension)")
    if let index = vectors.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(vector: index / dimension, component: index % dimension, value: vectors[index])
    }
    guard count > 1 else { return .trivial(count: count) }
    let points = MetricVectors(vectors, count: count, dimension: dimension, metric: metric)
    let perplexity = perplexity(for: count)
    let isExact = isExact(count: count)
    let neighborCount = isExact ? count - 1 : min(count - 1, Int(3 * perplexity) + 1)
    let report = progress ?? { _ in true }
    guard report(.neighbors) else { throw .interrupted }
    let neighbors = points.nearest(neighborCount, threads: threads)
    let affinities = Affinities(neighbors, perplexity: perplexity, threads: threads)
    guard report(.neighbors) else { throw .interrupted }
    let start = InitialCoordinates.principalComponents(of: points, randomSeed: randomSeed, threads: threads)
    return try descend(
      affinities, from: start, perplexity: perplexity, isExact: isExact, threads: threads, progress: report)
  }

  /// Maps `count` things of which only the distances are known, given row by row as `count` × `count` values, 0 or
  /// more; the diagonal is ignored. Starts from random coordinates, drawn with `randomSeed`; `metric` has no effect
  /// here.
  ///
  /// - Throws: As `map(_:count:dimension:threads:progress:)`; a negative distance is refused like one that is not a
  ///   number.
  public func map(
    distances: [Float], count: Int, threads: Int, progress: ((TSNEProgress) -> Bool)? = nil
  ) throws(TSNEError) -> TSNEMap {
    check(threads: threads)
    precondition(distances.count == count * count, "\(distances.count) distances between \(count) things")
    if let index = distances.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
      throw .notFinite(vector: index / count, component: index % count, value: distances[index])
    }
    guard count > 1 else { return .trivial(count: count) }
    let perplexity = perplexity(for: count)
    let isExact = isExact(count: count)
    let neighborCount = isExact ? count - 1 : min(count - 1, Int(3 * perplexity) + 1)
    let report = progress ?? { _ in true }
    guard report(.neighbors) else { throw .interrupted }
    let neighbors = NearestRows(distances: distances, count: count, neighborCount: neighborCount, threads: threads)
    let affinities = Affinities(neighbors, perplexity: perplexity, threads: threads)
    let start = InitialCoordinates.random(count: count, randomSeed: randomSeed)
    return try descend(
      affinities, from: start, perplexity: perplexity, isExact: isExact, threads: threads, progress: report)
  }

  private func check(threads: Int) {
    precondition(threads > 0, "the number of threads is \(threads); it must be at least 1")
    precondition(perplexity >= 1 && perplexity.isFinite, "the perplexity is \(perplexity); it must be at least 1")
    precondition(iterationLimit >= 0, "the limit of iterations is \(iterationLimit); it must not be negative")
    precondition(earlyExaggeration > 0, "the exaggeration is \(earlyExaggeration); it must be positive")
    precondition(learningRate.map { $0 > 0 } ?? true, "the learning rate must be positive")
  }

  private func perplexity(for count: Int) -> Double { max(1, min(perplexity, Double(count - 1) / 3)) }

  private func isExact(count: Int) -> Bool {
    switch method {
    case .automatic: count <= Self.exactLimit
    case .exact: true
    case .interpolated: count < Self.smallestGridCount
    }
  }

  private func descend(
    _ affinities: Affinities, from start: [SIMD2<Float>], perplexity: Double, isExact: Bool, threads: Int,
    progress: (TSNEProgress) -> Bool
  ) throws(TSNEError) -> TSNEMap {
    var descent = TSNEDescent(
      affinities: affinities, coordinates: start, repulsion: isExact ? ExactRepulsion() : InterpolatedRepulsion(),
      learningRate: learningRate ?? max(Double(start.count) / earlyExaggeration / 4, Double(min(start.count, 50))),
      threads: threads)
    let iterations = try descent.run(self, progress: progress)
    return TSNEMap(
      coordinates: descent.centredCoordinates(), divergence: descent.divergence(), perplexity: perplexity,
      iterations: iterations, isExact: isExact)
  }
}
