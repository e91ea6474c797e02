import Reproducibility

/// Repulsion through a potential on a grid, at O(count + area log area):
///
///     φ(y) = Σⱼ 1 / (1 + ‖y - yⱼ‖²)      Σⱼ kᵢⱼ² (yᵢ - yⱼ) = -½ ∇φ(yᵢ)
///
/// FIt-SNE (Linderman et al., 2019) interpolates four sums with polynomials. Here one sum is spread and read with
/// splines of degree 5, whose derivative gives the force.
package struct InterpolatedRepulsion: Repulsion {
  private var grid: GridConvolution?
  private var order: [Int32] = []
  private var bandStarts: [Int] = []

  /// How far apart nodes may lie, in units of the kernel's width; the first that needs no more than `nodeLimit` nodes
  /// is taken. For 700 points as far apart as in a map the forces err by 0.05 to 0.2 % at 0.25, and by 2 to 7 % at 0.5.
  private static let spacings: [Float] = [0.25, 0.3, 0.4, 0.5]
  /// The most nodes, or 10 for each point if that is more. So many take 5 ms on two processors.
  private static let nodeLimit: Float = 300_000
  /// The most nodes in each direction; if points spread farther, the nodes lie farther apart.
  private static let lineLimit = 2048
  private static let smallestNodeCount = 24
  /// See `compactRepulsion`.
  private static let compactExtent: Float = 0.01
  /// Rows of nodes whose charges one thread spreads. Larger than a spline, so that every other band can be spread at
  /// the same time.
  private static let rowsPerBand = 16

  package init() {}

  package mutating func evaluate(
    _ coordinates: [SIMD2<Float>], into forces: inout [SIMD2<Float>], threads: Int
  ) -> Double {
    var (low, high) = (coordinates[0], coordinates[0])
    for point in coordinates {
      low = pointwiseMin(low, point)
      high = pointwiseMax(high, point)
    }
    guard (high - low).max() > Self.compactExtent else { return Self.compactRepulsion(coordinates, into: &forces) }
    let frame = Frame(low: low, high: high, spacing: Self.spacing(for: high - low, count: coordinates.count))
    let grid = grid(for: frame, threads: threads)
    sort(coordinates, frame)
    spread(coordinates, frame, grid, threads)
    grid.convolve(columns: frame.columns, rows: frame.rows, threads: threads)
    return read(coordinates, frame, grid, &forces, threads) - Double(coordinates.count)
  }

  /// The repulsion of points so near each other that every kernel is almost 1 (off by less than 0.0002): each is
  /// repelled from their mean. A grid in single precision could not tell that from noise.
  private static func compactRepulsion(_ coordinates: [SIMD2<Float>], into forces: inout [SIMD2<Float>]) -> Double {
    let count = Double(coordinates.count)
    let mean = coordinates.reduce(into: SIMD2<Double>.zero) { $0 += SIMD2<Double>($1) } / count
    var squares = 0.0
    for (index, point) in coordinates.enumerated() {
      let difference = SIMD2<Double>(point) - mean
      squares += (difference * difference).sum()
      forces[index] = SIMD2<Float>(count * difference)
    }
    // Σ 1 - dᵢⱼ² over i ≠ j
    return count * (count - 1) - 2 * count * squares
  }

  /// Where the nodes lie.
  private struct Frame {
    let low: SIMD2<Float>
    let spacing: Float
    let columns: Int
    let rows: Int

    init(low: SIMD2<Float>, high: SIMD2<Float>, spacing: Float) {
      self.low = low
      self.spacing = spacing
      columns = Int((high.x - low.x) / spacing) + SplineWeights.order + 1
      rows = Int((high.y - low.y) / spacing) + SplineWeights.order + 1
    }

    /// The first of the nodes that share a point's charge, and how far the point lies from where they begin to.
    @inline(__always)
    func locate(_ point: SIMD2<Float>) -> (column: Int, row: Int, fraction: SIMD2<Float>) {
      let scaled = (point - low) / spacing
      let whole = scaled.rounded(.down)
      return (Int(whole.x), Int(whole.y), scaled - whole)
    }
  }

  private static func spacing(for extent: SIMD2<Float>, count: Int) -> Float {
    let limit = max(nodeLimit, 10 * Float(count))
    let spacing = spacings.first { extent.x / $0 * (extent.y / $0) <= limit } ?? spacings[spacings.count - 1]
    return max(spacing, extent.max() / Float(lineLimit - SplineWeights.order - 2))
  }

  private mutating func grid(for frame: Frame, threads: Int) -> GridConvolution {
    let columns = ColumnFourierTransform.length(atLeast: 2 * max(frame.columns, Self.smallestNodeCount))
    let rows = ColumnFourierTransform.length(atLeast: 2 * max(frame.rows, Self.smallestNodeCount))
    if let grid, grid.columnCount == columns, grid.rowCount == rows, grid.spacing == frame.spacing { return grid }
    let grid = GridConvolution(columnCount: columns, rowCount: rows, spacing: frame.spacing, threads: threads)
    self.grid = grid
    return grid
  }

  /// Lists the points band by band, in their order within each band.
  private mutating func sort(_ coordinates: [SIMD2<Float>], _ frame: Frame) {
    let bandCount = (frame.rows + Self.rowsPerBand - 1) / Self.rowsPerBand
    var starts = [Int](repeating: 0, count: bandCount + 1)
    for point in coordinates { starts[frame.locate(point).row / Self.rowsPerBand + 1] += 1 }
    for band in 0..<bandCount { starts[band + 1] += starts[band] }
    bandStarts = starts
    if order.count != coordinates.count { order = [Int32](repeating: 0, count: coordinates.count) }
    for (index, point) in coordinates.enumerated() {
      let band = frame.locate(point).row / Self.rowsPerBand
      order[starts[band]] = Int32(index)
      starts[band] += 1
    }
  }

  /// Adds each point's unit charge to the nodes around it: even bands, which do not touch each other, then odd ones.
  private func spread(_ coordinates: [SIMD2<Float>], _ frame: Frame, _ grid: GridConvolution, _ threads: Int) {
    let bandCount = bandStarts.count - 1
    grid.withCharges(rows: frame.rows) { nodes in
      for parity in 0..<2 {
        Parallel.forEach(count: (bandCount + 1 - parity) / 2, threads: threads) { half, _ in
          let band = 2 * half + parity
          for index in order[bandStarts[band]..<bandStarts[band + 1]] {
            let (column, row, fraction) = frame.locate(coordinates[Int(index)])
            let x = SplineWeights(fraction: fraction.x).weights
            let y = SplineWeights(fraction: fraction.y).weights
            for line in 0..<SplineWeights.order {
              let address = UnsafeMutableRawPointer(nodes + (row + line) * grid.stride + column)
              let sum = address.loadUnaligned(as: SIMD8<Float>.self) + x * y[line]
              address.storeBytes(of: sum, as: SIMD8<Float>.self)
            }
          }
        }
      }
    }
  }

  /// Reads potential and force at each point; returns the sum of the potentials.
  private func read(
    _ coordinates: [SIMD2<Float>], _ frame: Frame, _ grid: GridConvolution, _ forces: inout [SIMD2<Float>],
    _ threads: Int
  ) -> Double {
    let rangeSize = 512
    var sums = [Double](repeating: 0, count: (coordinates.count + rangeSize - 1) / rangeSize)
    let scale = -0.5 / frame.spacing
    grid.nodes.withUnsafeBufferPointer { nodes in
      forces.withUnsafeMutableBufferPointer { forces in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let nodes = nodes.baseAddress else { return }
          Parallel.forEachRange(of: coordinates.count, size: rangeSize, threads: threads) { range in
            var sum = 0.0
            for index in order[range] {
              let (column, row, fraction) = frame.locate(coordinates[Int(index)])
              let x = SplineWeights(fraction: fraction.x)
              let y = SplineWeights(fraction: fraction.y)
              var (values, slopes) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
              for line in 0..<SplineWeights.order {
                let address = UnsafeRawPointer(nodes + (row + line) * grid.stride + column)
                let potentials = address.loadUnaligned(as: SIMD8<Float>.self)
                values += potentials * y.weights[line]
                slopes += potentials * y.slopes[line]
              }
              forces[Int(index)] = [(values * x.slopes).sum() * scale, (slopes * x.weights).sum() * scale]
              sum += Double((values * x.weights).sum())
            }
            sums[range.lowerBound / rangeSize] = sum
          }
        }
      }
    }
    return sums.reduce(0, +)
  }
}
