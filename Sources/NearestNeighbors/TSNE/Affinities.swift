import Foundation
import Reproducibility

/// How near the vectors of each pair are: the symmetric distribution P, of which only the entries between neighbours
/// are stored.
///
///     p(j|i) = exp(-βᵢ dᵢⱼ²) / Σₖ exp(-βᵢ dᵢₖ²)     βᵢ so that the entropy of p(·|i) is ln(perplexity)
///     pᵢⱼ = (p(j|i) + p(i|j)) / 2 count
struct Affinities {
  let count: Int
  /// The index at which each row begins in `columns` and `weights`, and their count at the end.
  let starts: [Int]
  /// The neighbours of each row, in ascending order.
  let columns: [Int32]
  /// Their pᵢⱼ; the sum of all is 1.
  let weights: [Float]
  /// Σ pᵢⱼ ln pᵢⱼ
  let negativeEntropy: Double

  init(_ neighbors: NearestRows, perplexity: Double, threads: Int) {
    let conditional = Self.conditional(neighbors, perplexity: perplexity, threads: threads)
    let incoming = Self.transposed(neighbors, conditional)
    var starts = [0]
    var columns: [Int32] = []
    var weights: [Float] = []
    starts.reserveCapacity(neighbors.count + 1)
    columns.reserveCapacity(2 * neighbors.rows.count)
    weights.reserveCapacity(2 * neighbors.rows.count)
    let scale = 1 / Float(2 * neighbors.count)
    for row in 0..<neighbors.count {
      var own = row * neighbors.neighborCount
      let ownEnd = own + neighbors.neighborCount
      var other = incoming.starts[row]
      let otherEnd = incoming.starts[row + 1]
      while own < ownEnd || other < otherEnd {
        let column = min(own < ownEnd ? neighbors.rows[own] : .max, other < otherEnd ? incoming.rows[other] : .max)
        var weight: Float = 0
        if own < ownEnd, neighbors.rows[own] == column {
          weight += conditional[own]
          own += 1
        }
        if other < otherEnd, incoming.rows[other] == column {
          weight += incoming.weights[other]
          other += 1
        }
        columns.append(column)
        weights.append(weight * scale)
      }
      starts.append(columns.count)
    }
    count = neighbors.count
    self.starts = starts
    self.columns = columns
    self.weights = weights
    negativeEntropy = weights.reduce(0) { $1 > 0 ? $0 + Double($1) * log(Double($1)) : $0 }
  }

  /// p(j|i) of each row's neighbours.
  private static func conditional(_ neighbors: NearestRows, perplexity: Double, threads: Int) -> [Float] {
    let width = neighbors.neighborCount
    return [Float](unsafeUninitializedCapacity: neighbors.rows.count) { weights, initialized in
      Parallel.forEachRange(of: neighbors.count, size: 64, threads: threads) { range in
        for row in range {
          let own = row * width..<(row + 1) * width
          let bell = GaussianNeighborhood(squaredDistances: neighbors.squaredDistances[own], perplexity: perplexity)
          for (index, weight) in zip(own, bell.weights) { weights[index] = Float(weight) }
        }
      }
      initialized = neighbors.rows.count
    }
  }

  /// For each row, the rows that have it as a neighbour, in ascending order, with p(i|j).
  private static func transposed(
    _ neighbors: NearestRows, _ conditional: [Float]
  ) -> (starts: [Int], rows: [Int32], weights: [Float]) {
    var starts = [Int](repeating: 0, count: neighbors.count + 1)
    for row in neighbors.rows { starts[Int(row) + 1] += 1 }
    for row in 0..<neighbors.count { starts[row + 1] += starts[row] }
    var next = starts
    var rows = [Int32](repeating: 0, count: neighbors.rows.count)
    var weights = [Float](repeating: 0, count: neighbors.rows.count)
    for (index, row) in neighbors.rows.enumerated() {
      rows[next[Int(row)]] = Int32(index / neighbors.neighborCount)
      weights[next[Int(row)]] = conditional[index]
      next[Int(row)] += 1
    }
    return (starts, rows, weights)
  }
}
