extension Hubness {
  /// The skewness that the occurrences would have if every reference asked, from those of some that were drawn without
  /// looking: 0 if the counts do not vary.
  ///
  /// If q of n ask, a song that N lists would name is named by M of those that are there, with the factorial moments
  /// E[M⁽ᵏ⁾] = N⁽ᵏ⁾ q⁽ᵏ⁾ / n⁽ᵏ⁾, x⁽ᵏ⁾ = x (x - 1) … (x - k + 1). Its own skewness would be that of chance in the place of
  /// that of hubs. If all ask, it is ``skewness``.
  ///
  /// - Parameter queryCount: How many of the references asked, from 3 to all of them.
  public func estimatedSkewness(queryCount: Int) -> Double {
    precondition((3...max(3, occurrences.count)).contains(queryCount), "\(queryCount) queries of \(occurrences.count)")
    func falling(_ value: Int, _ order: Int) -> Double { (0..<order).reduce(1.0) { $0 * (Double(value) - Double($1)) } }
    func moment(_ order: Int) -> Double {
      let mean = occurrences.reduce(0.0) { $0 + falling($1, order) } / Double(max(1, occurrences.count))
      return mean * falling(occurrences.count, order) / falling(queryCount, order)
    }
    let (first, second, third) = (moment(1), moment(2), moment(3))
    let square = second + first
    let cube = third + 3 * second + first
    let variance = square - first * first
    guard variance > 0 else { return 0 }
    return (cube - 3 * first * square + 2 * first * first * first) / (variance * variance.squareRoot())
  }
}
