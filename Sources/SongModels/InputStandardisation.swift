/// Standardises a network's input: from each mel band a mean is subtracted, then the band is multiplied by a scale.
///
/// The preset `paper` takes the decibels as they are: means 0, scales 1.
public struct InputStandardisation: Sendable, Hashable {
  /// The mean of each band over the training songs, in dB.
  public var means: [Float]
  /// 1 / the standard deviation of each band.
  public var scales: [Float]

  /// A mean and a scale for each band.
  public init(means: [Float], scales: [Float]) {
    precondition(means.count == scales.count, "\(means.count) means and \(scales.count) scales")
    self.means = means
    self.scales = scales
  }

  /// A standardisation that changes nothing.
  public static func identity(bands: Int) -> InputStandardisation {
    InputStandardisation(
      means: [Float](repeating: 0, count: bands), scales: [Float](repeating: 1, count: bands))
  }

  /// Writes the standardised excerpt, frames × bands.
  package func write(_ decibels: [Float], to destination: UnsafeMutablePointer<Float>) {
    let bands = means.count
    precondition(decibels.count % bands == 0, "\(decibels.count) values in \(bands) bands")
    means.withUnsafeBufferPointer { means in
      scales.withUnsafeBufferPointer { scales in
        decibels.withUnsafeBufferPointer { decibels in
          var i = 0
          while i < decibels.count {
            for band in 0..<bands { destination[i + band] = (decibels[i + band] - means[band]) * scales[band] }
            i += bands
          }
        }
      }
    }
  }

  /// Sums over the training songs, in double precision and in the order of the songs.
  package struct Statistics {
    private var count = 0.0
    private var sums: [Double]
    private var squares: [Double]

    package init(bands: Int) {
      sums = [Double](repeating: 0, count: bands)
      squares = sums
    }

    package mutating func add(_ decibels: [Float]) {
      let bands = sums.count
      for (i, value) in decibels.enumerated() {
        sums[i % bands] += Double(value)
        squares[i % bands] += Double(value) * Double(value)
      }
      count += Double(decibels.count / bands)
    }

    /// A band that never changes, such as one above the codec's cut-off, keeps the scale 1.
    package var standardisation: InputStandardisation {
      guard count > 0 else { return .identity(bands: sums.count) }
      let means = sums.map { $0 / count }
      let scales = zip(squares, means).map { square, mean -> Float in
        let deviation = max(0, square / count - mean * mean).squareRoot()
        return deviation < 1e-3 ? 1 : Float(1 / deviation)
      }
      return InputStandardisation(means: means.map { Float($0) }, scales: scales)
    }
  }
}
