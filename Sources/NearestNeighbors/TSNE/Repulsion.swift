import Reproducibility

/// The force with which places part, before it is divided by the sum of kernels.
package protocol Repulsion {
  /// Sets `forces[i]` to Σⱼ kᵢⱼ² (yᵢ - yⱼ) and returns Σᵢⱼ kᵢⱼ over i ≠ j.
  mutating func evaluate(_ places: [SIMD2<Float>], into forces: inout [SIMD2<Float>], threads: Int) -> Double
}

/// From all pairs, at O(count²).
package struct ExactRepulsion: Repulsion {
  package init() {}

  private typealias Lanes = SIMD8<Float>

  package mutating func evaluate(
    _ places: [SIMD2<Float>], into forces: inout [SIMD2<Float>], threads: Int
  ) -> Double {
    let lanes = Self.packed(places)
    var sums = [Double](repeating: 0, count: places.count)
    forces.withUnsafeMutableBufferPointer { forces in
      sums.withUnsafeMutableBufferPointer { sums in
        Parallel.forEachRange(of: places.count, size: 64, threads: threads) { range in
          for place in range { (forces[place], sums[place]) = Self.repulsion(on: places[place], from: lanes) }
        }
      }
    }
    return sums.reduce(0, +)
  }

  /// x and y of 8 places each; the last are filled up with places so far away that they do not matter.
  private static func packed(_ places: [SIMD2<Float>]) -> [(x: Lanes, y: Lanes)] {
    stride(from: 0, to: places.count, by: 8).map { start in
      var (x, y) = (Lanes(repeating: 1e18), Lanes(repeating: 1e18))
      for (lane, place) in places[start..<min(start + 8, places.count)].enumerated() {
        (x[lane], y[lane]) = (place.x, place.y)
      }
      return (x, y)
    }
  }

  private static func repulsion(
    on place: SIMD2<Float>, from others: [(x: Lanes, y: Lanes)]
  ) -> (force: SIMD2<Float>, kernels: Double) {
    var (x, y, kernels) = (Lanes.zero, Lanes.zero, Lanes.zero)
    for other in others {
      let dx = place.x - other.x
      let dy = place.y - other.y
      let kernel = 1 / (1 + dx * dx + dy * dy)
      let square = kernel * kernel
      kernels += kernel
      x += square * dx
      y += square * dy
    }
    // The place itself is among them: its kernel is 1, its force 0.
    return ([x.sum(), y.sum()], Double(kernels.sum()) - 1)
  }
}
