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

  /// The kernel's width is 1; it takes two nodes for each.
  private static let spacing: Float = 0.5
  /// The largest number of nodes in each direction; where places spread farther, nodes lie farther apart.
  private static let nodeLimit = 2048
  private static let smallestNodeCount = 24
  /// Rows of nodes whose charges one thread spreads. Larger than a spline, so that every other band can be spread at
  /// the same time.
  private static let rowsPerBand = 16

  package init() {}

  package mutating func evaluate(
    _ places: [SIMD2<Float>], into forces: inout [SIMD2<Float>], team: ThreadTeam
  ) -> Double {
    var (low, high) = (places[0], places[0])
    for place in places {
      low = pointwiseMin(low, place)
      high = pointwiseMax(high, place)
    }
    let frame = Frame(low: low, high: high, spacing: Self.spacing(for: high - low))
    let grid = grid(for: frame, team: team)
    sort(places, frame)
    spread(places, frame, grid, team)
    grid.convolve(columns: frame.columns, rows: frame.rows, team: team)
    return read(places, frame, grid, &forces, team) - Double(places.count)
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

    /// The first of the nodes that share a place, and how far it lies from where they begin to.
    @inline(__always)
    func locate(_ place: SIMD2<Float>) -> (column: Int, row: Int, fraction: SIMD2<Float>) {
      let scaled = (place - low) / spacing
      let whole = scaled.rounded(.down)
      return (Int(whole.x), Int(whole.y), scaled - whole)
    }
  }

  private static func spacing(for extent: SIMD2<Float>) -> Float {
    max(spacing, extent.max() / Float(nodeLimit - SplineWeights.order - 2))
  }

  private mutating func grid(for frame: Frame, team: ThreadTeam) -> GridConvolution {
    let columns = ColumnFourierTransform.length(atLeast: 2 * max(frame.columns, Self.smallestNodeCount))
    let rows = ColumnFourierTransform.length(atLeast: 2 * max(frame.rows, Self.smallestNodeCount))
    if let grid, grid.columnCount == columns, grid.rowCount == rows, grid.spacing == frame.spacing { return grid }
    let grid = GridConvolution(columnCount: columns, rowCount: rows, spacing: frame.spacing, team: team)
    self.grid = grid
    return grid
  }

  /// Lists the places band by band, each band's in their order.
  private mutating func sort(_ places: [SIMD2<Float>], _ frame: Frame) {
    let bandCount = (frame.rows + Self.rowsPerBand - 1) / Self.rowsPerBand
    var starts = [Int](repeating: 0, count: bandCount + 1)
    for place in places { starts[frame.locate(place).row / Self.rowsPerBand + 1] += 1 }
    for band in 0..<bandCount { starts[band + 1] += starts[band] }
    bandStarts = starts
    if order.count != places.count { order = [Int32](repeating: 0, count: places.count) }
    for (index, place) in places.enumerated() {
      let band = frame.locate(place).row / Self.rowsPerBand
      order[starts[band]] = Int32(index)
      starts[band] += 1
    }
  }

  /// Adds each place's unit charge to the nodes around it: even bands, which do not touch each other, then odd ones.
  private func spread(_ places: [SIMD2<Float>], _ frame: Frame, _ grid: GridConvolution, _ team: ThreadTeam) {
    let bandCount = bandStarts.count - 1
    grid.withCharges(rows: frame.rows) { nodes in
      for parity in 0..<2 {
        team.forEach((bandCount + 1 - parity) / 2) { half in
          let band = 2 * half + parity
          for index in order[bandStarts[band]..<bandStarts[band + 1]] {
            let (column, row, fraction) = frame.locate(places[Int(index)])
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

  /// Reads potential and force at each place; returns the potentials' sum.
  private func read(
    _ places: [SIMD2<Float>], _ frame: Frame, _ grid: GridConvolution, _ forces: inout [SIMD2<Float>],
    _ team: ThreadTeam
  ) -> Double {
    let rangeSize = 512
    var sums = [Double](repeating: 0, count: (places.count + rangeSize - 1) / rangeSize)
    let scale = -0.5 / frame.spacing
    grid.nodes.withUnsafeBufferPointer { nodes in
      forces.withUnsafeMutableBufferPointer { forces in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let nodes = nodes.baseAddress else { return }
          team.forEachRange(of: places.count, size: rangeSize) { range in
            var sum = 0.0
            for index in order[range] {
              let (column, row, fraction) = frame.locate(places[Int(index)])
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
