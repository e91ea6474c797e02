/// Basis splines of degree 5: how the unit charge of a point is shared among the 6 nodes of a grid around it, in one
/// direction.
struct SplineWeights {
  /// The number of nodes that share a charge.
  static let order = 6
  /// The weights of a spline centred on a node at distances of 0, 1 and 2 nodes.
  static let atNodes = (66.0 / 120, 26.0 / 120, 1.0 / 120)

  /// The share of each node, the last two lanes 0; together 1.
  let weights: SIMD8<Float>
  /// The derivatives of the shares with respect to the coordinate.
  let slopes: SIMD8<Float>

  /// The shares for a point at `fraction`, in 0..<1, of the way from the third to the fourth of the nodes.
  @inline(__always)
  init(fraction: Float) {
    // Cox and de Boor's recursion: M_k(u) = (u M_(k-1)(u) + (k-u) M_(k-1)(u-1)) / (k-1), u = fraction + k - 1 - node.
    var weights = SIMD8<Float>.zero
    weights[0] = 1
    var slopes = SIMD8<Float>.zero
    for order in 2...Self.order {
      var shifted = SIMD8<Float>.zero
      for node in 1..<Self.order { shifted[node] = weights[node - 1] }
      if order == Self.order { slopes = shifted - weights }
      let position = Self.nodes + (1 - fraction)
      weights = (shifted * (Float(order) - position) + weights * position) * (1 / Float(order - 1))
    }
    self.weights = weights
    self.slopes = slopes
  }

  private static let nodes: SIMD8<Float> = [0, 1, 2, 3, 4, 5, 6, 7]
}
