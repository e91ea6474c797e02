import AudioFeatures
import Testing

@Suite struct QuantileTests {
  /// Compared with sorting, with many equal values and with none.
  @Test(arguments: [1, 2, 3, 10, 101, 322], [1, 7, 1_000_000])
  func agreesWithSorting(count: Int, levels: Float) {
    let values = TestSignal.noise.samples(count: count, sampleRate: 22_050).map { ($0 * levels).rounded() }
    let sorted = values.sorted()
    for share in [0, 0.1, 0.5, 0.9, 1] {
      let position = share * Double(count - 1)
      let lower = Double(sorted[Int(position)])
      let upper = Double(sorted[min(Int(position) + 1, count - 1)])
      var copy = values
      let quantile = copy.withUnsafeMutableBufferPointer { Quantile.take(share, of: $0) }
      #expect(quantile == Float(lower + (position - position.rounded(.down)) * (upper - lower)))
      #expect(copy.sorted() == sorted)
    }
  }
}
