/// Quantiles without sorting all values.
package enum Quantile {
  /// The value below which `share` (0…1) of the values lie, interpolated between its two neighbours as by NumPy's
  /// default. Reorders the values, of which there is at least one, and none is NaN. O(n) on average.
  package static func take(_ share: Double, of values: UnsafeMutableBufferPointer<Float>) -> Float {
    precondition(!values.isEmpty && (0...1).contains(share), "No quantile \(share) of \(values.count) values")
    let position = share * Double(values.count - 1)
    let rank = Int(position)
    let lower = select(rank, in: values)
    guard rank + 1 < values.count else { return lower }
    // After the selection nothing past the rank is smaller.
    let upper = values[(rank + 1)...].reduce(.infinity) { min($0, $1) }
    return Float(Double(lower) + (position - Double(rank)) * (Double(upper) - Double(lower)))
  }

  /// Hoare's selection: moves the value of this rank to its index, with no larger ones before and no smaller ones
  /// after.
  private static func select(_ rank: Int, in values: UnsafeMutableBufferPointer<Float>) -> Float {
    var first = 0
    var last = values.count - 1
    while first < last {
      let pivot = values[(first + last) / 2]
      var low = first
      var high = last
      while low <= high {
        while values[low] < pivot { low += 1 }
        while values[high] > pivot { high -= 1 }
        guard low <= high else { break }
        values.swapAt(low, high)
        low += 1
        high -= 1
      }
      if rank <= high {
        last = high
      } else if rank >= low {
        first = low
      } else {
        break
      }
    }
    return values[rank]
  }
}
