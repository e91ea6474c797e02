import Foundation
import Reproducibility

/// Gradient descent with momentum, and a gain for each coordinate that grows while its steps keep their direction
/// (Jacobs, 1988), as in van der Maaten's and scikit-learn's t-SNE.
struct TSNEDescent {
  private(set) var coordinates: [SIMD2<Float>]
  private let affinities: Affinities
  private var repulsion: any Repulsion
  private let learningRate: Float
  private let threads: Int
  private var steps: [SIMD2<Float>]
  private var gains: [SIMD2<Float>]
  private var gradient: [SIMD2<Float>]
  private var repulsionForces: [SIMD2<Float>]

  private static let earlyMomentum: Float = 0.5
  private static let lateMomentum: Float = 0.8
  private static let smallestGain: Float = 0.01
  private static let smallestGradient = 1e-7
  /// Early exaggeration ends if less than this share of the initial spread is left.
  private static let smallestSpread = 0.01
  /// Steps between computations of the divergence, and steps without a better one after which the descent ends.
  private static let checkInterval = 50
  private static let patience = 300

  init(
    affinities: Affinities, coordinates: [SIMD2<Float>], repulsion: any Repulsion, learningRate: Double, threads: Int
  ) {
    self.affinities = affinities
    self.coordinates = coordinates
    self.repulsion = repulsion
    self.learningRate = Float(learningRate)
    self.threads = threads
    let zeros = [SIMD2<Float>](repeating: .zero, count: coordinates.count)
    (steps, gradient, repulsionForces) = (zeros, zeros, zeros)
    gains = [SIMD2<Float>](repeating: .one, count: coordinates.count)
  }

  /// Descends, and returns the number of steps.
  mutating func run(_ options: TSNE, progress: (TSNEProgress) -> Bool) throws(TSNEError) -> Int {
    let limit = options.iterationLimit
    let start = spread
    var early = 0
    while early < min(options.earlyIterations, limit) {
      guard progress(.iteration(early, limit: limit)) else { throw .interrupted }
      step(exaggeration: Float(options.earlyExaggeration), momentum: Self.earlyMomentum)
      early += 1
      // All vectors are one cluster, which shrinks to a point; in the course of that, the points would line up.
      if spread < Self.smallestSpread * start { break }
    }
    // From here on the gradient is a different one.
    restart()
    var best = (divergence: Double.infinity, iteration: early)
    for iteration in early..<limit {
      guard progress(.iteration(iteration, limit: limit)) else { throw .interrupted }
      let norm = step(exaggeration: 1, momentum: Self.lateMomentum)
      guard (iteration + 1) % Self.checkInterval == 0 else { continue }
      let divergence = divergence()
      if divergence < best.divergence { best = (divergence, iteration) }
      if iteration - best.iteration > Self.patience || norm <= Self.smallestGradient { return iteration + 1 }
    }
    return limit
  }

  /// The standard deviation of the points, both coordinates together.
  private var spread: Double {
    (coordinates.reduce(0) { $0 + Double(($1 * $1).sum()) } / Double(coordinates.count)).squareRoot()
  }

  private mutating func restart() {
    for index in coordinates.indices { (steps[index], gains[index]) = (.zero, .one) }
  }

  /// One step; returns the gradient's norm.
  @discardableResult
  private mutating func step(exaggeration: Float, momentum: Float) -> Double {
    let kernels = repulsion.evaluate(coordinates, into: &repulsionForces, threads: threads)
    let scale = kernels > 0 ? Float(1 / kernels) : 0
    attract(exaggeration: exaggeration, repulsionScale: scale)
    var squares = 0.0
    var sum = SIMD2<Double>.zero
    for index in coordinates.indices {
      let slope = gradient[index]
      squares += Double((slope * slope).sum())
      let turns = (steps[index] * slope) .>= 0
      let raised = gains[index] + 0.2
      let gain = pointwiseMax(
        raised.replacing(with: gains[index] * 0.8, where: turns), .init(repeating: Self.smallestGain))
      gains[index] = gain
      steps[index] = momentum * steps[index] - learningRate * gain * slope
      coordinates[index] += steps[index]
      sum += SIMD2<Double>(coordinates[index])
    }
    // Centred, so that a cloud can shrink while attraction is exaggerated: far from the origin its coordinates would
    // round to the same values.
    let mean = SIMD2<Float>(sum / Double(coordinates.count))
    for index in coordinates.indices { coordinates[index] -= mean }
    return squares.squareRoot()
  }

  /// Sets the gradient: 4 Σⱼ (exaggeration pᵢⱼ - qᵢⱼ) kᵢⱼ (yᵢ - yⱼ).
  private mutating func attract(exaggeration: Float, repulsionScale: Float) {
    let (affinities, coordinates, repulsion, threads) = (affinities, coordinates, repulsionForces, threads)
    gradient.withUnsafeMutableBufferPointer { gradient in
      affinities.forEachRow(threads: threads) { row, columns, weights in
        let own = coordinates[row]
        var force = SIMD2<Float>.zero
        for entry in columns.indices {
          let difference = own - coordinates[Int(columns[entry])]
          force += weights[entry] / (1 + (difference * difference).sum()) * difference
        }
        gradient[row] = 4 * (exaggeration * force - repulsionScale * repulsion[row])
      }
    }
  }

  /// The Kullback–Leibler divergence of the current coordinates, in nats.
  mutating func divergence() -> Double {
    let kernels = repulsion.evaluate(coordinates, into: &repulsionForces, threads: threads)
    guard kernels > 0 else { return 0 }
    // Σ p ln(p/q) = Σ p ln p + Σ p ln(1 + d²) + ln Σ k
    var parts = [Double](repeating: 0, count: coordinates.count)
    let coordinates = coordinates
    parts.withUnsafeMutableBufferPointer { parts in
      affinities.forEachRow(threads: threads) { row, columns, weights in
        var part = 0.0
        for entry in columns.indices {
          let difference = SIMD2<Double>(coordinates[row]) - SIMD2<Double>(coordinates[Int(columns[entry])])
          part += Double(weights[entry]) * log(1 + (difference * difference).sum())
        }
        parts[row] = part
      }
    }
    return max(0, affinities.negativeEntropy + parts.reduce(0, +) + log(kernels))
  }

  /// The coordinates with their mean at (0, 0).
  func centredCoordinates() -> [SIMD2<Float>] {
    var sum = SIMD2<Double>.zero
    for point in coordinates { sum += SIMD2<Double>(point) }
    let mean = sum / Double(coordinates.count)
    return coordinates.map { SIMD2<Float>(SIMD2<Double>($0) - mean) }
  }
}

extension Affinities {
  /// Calls `body` with each row, its neighbours and their weights, on several threads.
  fileprivate func forEachRow(
    threads: Int, _ body: (Int, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Float>) -> Void
  ) {
    columns.withUnsafeBufferPointer { columns in
      weights.withUnsafeBufferPointer { weights in
        Parallel.forEachRange(of: count, size: 128, threads: threads) { range in
          for row in range {
            let entries = starts[row]..<starts[row + 1]
            body(row, .init(rebasing: columns[entries]), .init(rebasing: weights[entries]))
          }
        }
      }
    }
  }
}
