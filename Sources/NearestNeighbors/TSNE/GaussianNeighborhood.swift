import Foundation

/// A Gaussian around a vector, of the width that gives its neighbours a certain perplexity.
struct GaussianNeighborhood {
  /// The share of each neighbour; together 1.
  private(set) var weights: [Double]

  /// Searches the precision β at which the entropy of exp(-β d²) is ln(perplexity), by bisection after doubling. If
  /// more neighbours than the perplexity are equally near, no Gaussian is narrow enough, and the nearest get equal
  /// shares.
  init(squaredDistances: ArraySlice<Float>, perplexity: Double) {
    // Only differences matter: relative to the nearest, whose exp is then 1, the sum cannot vanish. The unit keeps β in
    // range.
    let nearest = Double(squaredDistances.min() ?? 0)
    let farthest = Double(squaredDistances.max() ?? 0)
    let unit = farthest > nearest ? 1 / (farthest - nearest) : 0
    let distances = squaredDistances.map { (Double($0) - nearest) * unit }
    let target = log(perplexity)
    weights = distances
    var (low, high, precision) = (0.0, Double.infinity, 1.0)
    for _ in 0..<100 {
      let difference = Self.fill(&weights, distances, precision: precision) - target
      if abs(difference) < 1e-5 { break }
      if difference > 0 { low = precision } else { high = precision }
      precision = high.isFinite ? (low + high) / 2 : precision * 2
    }
    let sum = weights.reduce(0, +)
    for index in weights.indices { weights[index] /= sum }
  }

  /// Computes exp(-β d²), not yet divided by the sum, and returns the entropy.
  private static func fill(_ weights: inout [Double], _ distances: [Double], precision: Double) -> Double {
    var (sum, moment) = (0.0, 0.0)
    for index in distances.indices {
      let weight = exp(-precision * distances[index])
      weights[index] = weight
      sum += weight
      moment += weight * distances[index]
    }
    return log(sum) + precision * moment / sum
  }
}
