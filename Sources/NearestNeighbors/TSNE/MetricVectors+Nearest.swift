extension MetricVectors {
  /// The `neighborCount` rows nearest to each row, exactly; of equally near ones, those that follow it.
  ///
  /// O(count² × dimension). Multiplies 32 rows with 4 rows at a time, 8 rows side by side in a register.
  package func nearest(_ neighborCount: Int, threads: Int) -> NearestRows {
    var result = NearestRows(count: count, neighborCount: neighborCount)
    result.fill(threads: threads, rangeSize: Self.queriesPerPass) { range, emit in
      for (row, nearest) in zip(range, search(range, neighborCount)) {
        emit(row, nearest) { squaredDistance(row, $0) }
      }
    }
    return result
  }

  private typealias Lanes = SIMD8<Float>
  private static var queriesPerPass: Int { 32 }

  /// Thresholds that every score reaches in the first `lanes` lanes, and none in the others.
  private func unreached(lanes: Int) -> Lanes {
    var thresholds = Lanes(repeating: .infinity)
    for lane in 0..<min(lanes, 8) { thresholds[lane] = -.infinity }
    return thresholds
  }

  private func search(_ range: Range<Int>, _ neighborCount: Int) -> [LargestScores] {
    var selections = range.map { LargestScores(capacity: neighborCount, of: $0, among: count) }
    let panelCount = (range.count + 7) / 8
    let panels = panels(of: range)
    var thresholds = (0..<panelCount).map { unreached(lanes: range.count - 8 * $0) }
    values.withUnsafeBufferPointer { values in
      panels.withUnsafeBufferPointer { panels in
        for first in stride(from: 0, to: count, by: 4) {
          for panel in 0..<panelCount {
            let products = products(panels, panel * dimension, values, first)
            for (step, products) in [products.0, products.1, products.2, products.3].enumerated() {
              let row = first + step
              guard row < count else { break }
              let scores = products - penalties[row]
              guard any(scores .>= thresholds[panel]) else { continue }
              keep(scores, row: row, queries: range.dropFirst(8 * panel), &selections, &thresholds[panel])
            }
          }
        }
      }
    }
    return selections
  }

  /// The rows of a range, 8 side by side: panels × dimension × 8. A last panel that is not full holds zeros.
  private func panels(of range: Range<Int>) -> [Lanes] {
    var panels = [Lanes](repeating: .zero, count: (range.count + 7) / 8 * dimension)
    for (offset, row) in range.enumerated() {
      for component in 0..<dimension {
        panels[offset / 8 * dimension + component][offset % 8] = values[row * dimension + component]
      }
    }
    return panels
  }

  /// The products of a panel's 8 rows with 4 consecutive rows; the last row stands in for rows past the end.
  @inline(__always)
  private func products(
    _ panels: UnsafeBufferPointer<Lanes>, _ panel: Int, _ values: UnsafeBufferPointer<Float>, _ first: Int
  ) -> (Lanes, Lanes, Lanes, Lanes) {
    let last = count - 1
    let row0 = first * dimension
    let row1 = min(first + 1, last) * dimension
    let row2 = min(first + 2, last) * dimension
    let row3 = min(first + 3, last) * dimension
    var sums = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for component in 0..<dimension {
      let lanes = panels[panel + component]
      sums.0 += lanes * values[row0 + component]
      sums.1 += lanes * values[row1 + component]
      sums.2 += lanes * values[row2 + component]
      sums.3 += lanes * values[row3 + component]
    }
    return sums
  }

  private func keep(
    _ scores: Lanes, row: Int, queries: Range<Int>.SubSequence, _ selections: inout [LargestScores],
    _ thresholds: inout Lanes
  ) {
    for lane in 0..<8 where scores[lane] >= thresholds[lane] {
      let query = queries.startIndex + lane
      guard query != row else { continue }
      let offset = query % Self.queriesPerPass
      selections[offset].offer(scores[lane], row: row)
      thresholds[lane] = selections[offset].threshold
    }
  }
}
