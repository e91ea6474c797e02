/// Mean and population variance of each channel over a batch.
public struct ChannelStatistics: Sendable, Hashable {
  /// The number of values of each channel.
  public var count: Int
  /// The mean of each channel.
  public var means: [Double]
  /// The population variance of each channel, 0 or more.
  public var variances: [Double]

  /// Sums over values, such as one song's activations; songs are added in order, so that the number of threads does not matter.
  public struct Sums: Sendable {
    fileprivate var count = 0
    fileprivate var sums: [Double]
    fileprivate var squares: [Double]

    /// The sums of no values.
    public init(channels: Int) {
      sums = [Double](repeating: 0, count: channels)
      squares = sums
    }

    /// The sums of `positions` × `channels` values, channels last.
    public init(of values: UnsafePointer<Float>, positions: Int, channels: Int) {
      self.init(channels: channels)
      add(values, positions: positions)
    }

    /// Adds one value of each channel, in double precision throughout.
    public mutating func add(_ values: some Sequence<Double>) {
      count += 1
      for (channel, value) in values.enumerated() {
        sums[channel] += value
        squares[channel] += value * value
      }
    }

    /// Adds `positions` × channels values, channels last.
    public mutating func add(_ values: UnsafePointer<Float>, positions: Int) {
      let channels = sums.count
      count += positions
      // Single precision over a few positions at a time: fast, and precise enough.
      let run = 64
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * channels) { partial in
        guard let partialSums = partial.baseAddress else { return }
        let partialSquares = partialSums + channels
        for start in stride(from: 0, to: positions, by: run) {
          partialSums.update(repeating: 0, count: 2 * channels)
          for position in start..<min(positions, start + run) {
            let row = values + position * channels
            for channel in 0..<channels {
              let value = row[channel]
              partialSums[channel] += value
              partialSquares[channel] += value * value
            }
          }
          for channel in 0..<channels {
            sums[channel] += Double(partialSums[channel])
            squares[channel] += Double(partialSquares[channel])
          }
        }
      }
    }
  }

  /// The statistics of several songs together.
  public init(_ songs: [Sums]) {
    let channels = songs.first?.sums.count ?? 0
    count = songs.reduce(0) { $0 + $1.count }
    let total = Double(max(1, count))
    means = (0..<channels).map { channel in songs.reduce(0) { $0 + $1.sums[channel] } / total }
    variances = zip(0..., means).map { channel, mean in
      max(0, songs.reduce(0) { $0 + $1.squares[channel] } / total - mean * mean)
    }
  }

  init(count: Int, means: [Double], variances: [Double]) {
    self.count = count
    self.means = means
    self.variances = variances
  }
}
