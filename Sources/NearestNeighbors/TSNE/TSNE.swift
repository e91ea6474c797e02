/// t-distributed stochastic neighbour embedding: places vectors on a plane so that near ones stay near
/// (van der Maaten and Hinton, 2008).
///
/// It makes the Kullback–Leibler divergence KL(P‖Q) = Σᵢⱼ pᵢⱼ ln(pᵢⱼ / qᵢⱼ) small, where P says how near two vectors are
/// (Gaussian, of a width that gives each one `perplexity` neighbours) and Q how near two places are (Student's t):
///
///     qᵢⱼ = kᵢⱼ / Σ k,   kᵢⱼ = 1 / (1 + ‖yᵢ - yⱼ‖²)
///
/// The defaults are scikit-learn's. All pairs are counted for small sets; for large ones the nearest
/// 3 × perplexity + 1 neighbours, found exactly, attract, and all repel through a field on a grid, as in FIt-SNE
/// (Linderman et al., 2019), at O(count × perplexity + area) an iteration.
///
/// The same seed and vectors give the same places bit for bit on a type of machine, whatever the number of threads.
/// Copies of one vector come to lie side by side. A dimension that is constant changes nothing.
public struct TSNE: Sendable, Hashable {
  /// How distant two vectors are.
  public enum Metric: Sendable, Hashable, CaseIterable {
    /// 1 - cos(a, b); a vector of zeros is at distance 1 from all others.
    case cosine
    /// ‖a - b‖
    case euclidean
  }

  /// How the repulsion is computed, and between whom attraction works.
  public enum Method: Sendable, Hashable {
    /// Exact up to `exactLimit` vectors, interpolated above.
    case automatic
    /// All pairs, at O(count²) time an iteration and memory.
    case exact
    /// Nearest neighbours attract; repulsion is interpolated on a grid. Fewer than 64 vectors are faster counted in pairs.
    case interpolated
  }

  /// Up to so many vectors `Method.automatic` counts all pairs.
  public static let exactLimit = 1000

  private static let smallestGridCount = 64

  /// How many neighbours a vector has, roughly: at least 1. Lowered to (count - 1) / 3 where there are fewer vectors.
  public var perplexity = 30.0
  /// The distance.
  public var metric = Metric.cosine
  /// The method.
  public var method = Method.automatic
  /// How many steps are taken at most; fewer where 300 bring nothing.
  public var iterationLimit = 1000
  /// What the attraction is multiplied by in the first `earlyIterations` steps, so that clusters form.
  public var earlyExaggeration = 12.0
  /// See `earlyExaggeration`.
  public var earlyIterations = 250
  /// The step for a gradient of 1; nil for max(count / earlyExaggeration / 4, min(count, 50)): scikit-learn's, but that
  /// a few vectors do not fly apart.
  public var learningRate: Double?
  /// What chance decides: how copies of one vector part.
  public var randomSeed: UInt64 = 0

  /// The defaults.
  public init() {}

  /// Places `count` vectors, given row by row as `count` × `dimension` values.
  ///
  /// No vectors have an empty map; a single one lies at (0, 0).
  ///
  /// - Parameters:
  ///   - vectors: `count` × `dimension` values.
  ///   - count: The number of vectors.
  ///   - dimension: The length of a vector, at least 1.
  ///   - threads: How many to use at most, at least 1; the result does not depend on it.
  ///   - progress: Called before each step; what it returns says whether to go on.
  /// - Throws: `TSNEError.notFinite`, or `TSNEError.interrupted` where `progress` returned false.
  public func map(
    _ vectors: [Float], count: Int, dimension: Int, threads: Int, progress: ((TSNEProgress) -> Bool)? = nil
  ) throws(TSNEError) -> TSNEMap {
    check(threads: threads)
    precondition(dimension > 0, "the dimension is \(dimension); it must be at least 1")
    precondition(
      vectors.count == count * dimension, "\(vectors.count) values for \(count) vectors of dimension \(dimension)")
    if let place = vectors.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(vector: place / dimension, component: place % dimension, value: vectors[place])
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
    let start = InitialPlaces.principalComponents(of: points, randomSeed: randomSeed, threads: threads)
    return try descend(
      affinities, from: start, perplexity: perplexity, isExact: isExact, threads: threads, progress: report)
  }

  /// Places `count` things of which only the distances are known, given row by row as `count` × `count` values, at least
  /// 0, of which the diagonal is not looked at. Starts from places drawn by `randomSeed`; `metric` has no meaning here.
  ///
  /// - Throws: As `map(_:count:dimension:threads:progress:)`; a negative distance is refused like one that is not a
  ///   number.
  public func map(
    distances: [Float], count: Int, threads: Int, progress: ((TSNEProgress) -> Bool)? = nil
  ) throws(TSNEError) -> TSNEMap {
    check(threads: threads)
    precondition(distances.count == count * count, "\(distances.count) distances between \(count) things")
    if let place = distances.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
      throw .notFinite(vector: place / count, component: place % count, value: distances[place])
    }
    guard count > 1 else { return .trivial(count: count) }
    let perplexity = perplexity(for: count)
    let isExact = isExact(count: count)
    let neighborCount = isExact ? count - 1 : min(count - 1, Int(3 * perplexity) + 1)
    let report = progress ?? { _ in true }
    guard report(.neighbors) else { throw .interrupted }
    let neighbors = NearestRows(distances: distances, count: count, neighborCount: neighborCount, threads: threads)
    let affinities = Affinities(neighbors, perplexity: perplexity, threads: threads)
    let start = InitialPlaces.random(count: count, randomSeed: randomSeed)
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
      affinities: affinities, places: start, repulsion: isExact ? ExactRepulsion() : InterpolatedRepulsion(),
      learningRate: learningRate ?? max(Double(start.count) / earlyExaggeration / 4, Double(min(start.count, 50))),
      threads: threads)
    let iterations = try descent.run(self, progress: progress)
    return TSNEMap(
      places: descent.centredPlaces(), divergence: descent.divergence(), perplexity: perplexity,
      iterations: iterations, isExact: isExact)
  }
}
