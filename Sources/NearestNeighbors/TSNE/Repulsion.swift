import Reproducibility

/// The force with which points repel each other, before it is divided by the sum of kernels.
package protocol Repulsion {
  /// Sets `forces[i]` to Σⱼ kᵢⱼ² (yᵢ - yⱼ) and returns Σᵢⱼ kᵢⱼ over i ≠ j.
  mutating func evaluate(_ coordinates: [SIMD2<Float>], into forces: inout [SIMD2<Float>], threads: Int) -> Double
}

/// From all pairs, at O(count²).
package struct ExactRepulsion: Repulsion {
  package init() {}

  private typealias Lanes = SIMD8<Float>

  package mutating func evaluate(
    _ coordinates: [SIMD2<Float>], into forces: inout [SIMD2<Float>], threads: Int
  ) -> Double {
    let lanes = Self.packed(coordinates)
    var sums = [Double](repeating: 0, count: coordinates.count)
    forces.withUnsafeMutableBufferPointer { forces in
      sums.withUnsafeMutableBufferPointer { sums in
        Parallel.forEachRange(of: coordinates.count, size: 64, threads: threads) { range in
          for index in range {
            (forces[index], sums[index]) = Self.repulsion(on: coordinates[index], from: lanes)
          }
        }
      }
    }
    return sums.reduce(0, +)
  }

  /// x and y of 8 points each; the last 8 are filled up with points so far away that they do not matter.
  private static func packed(_ coordinates: [SIMD2<Float>]) -> [(x: Lanes, y: Lanes)] {
    stride(from: 0, to: coordinates.count, by: 8).map { start in
      var (x, y) = (Lanes(repeating: 1e18), Lanes(repeating: 1e18))
      for (lane, point) in coordinates[start..<min(start + 8, coordinates.count)].enumerated() {
        (x[lane], y[lane]) = (point.x, point.y)
      }
      return (x, y)
    }
  }

  private static func repulsion(
    on point: SIMD2<Float>, from others: [(x: Lanes, y: Lanes)]
  ) -> (force: SIMD2<Float>, kernels: Double) {
    var (x, y, kernels) = (Lanes.zero, Lanes.zero, Lanes.zero)
    for other in others {
      let dx = point.x - other.x
      let dy = point.y - other.y
      let kernel = 1 / (1 + dx * dx + dy * dy)
      let square = kernel * kernel
      kernels += kernel
      x += square * dx
      y += square * dy
    }
    // The point itself is among them: its kernel is 1, its force 0.
    return ([x.sum(), y.sum()], Double(kernels.sum()) - 1)
  }
}
