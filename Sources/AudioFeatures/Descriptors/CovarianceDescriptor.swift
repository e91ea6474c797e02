/// How a song's cepstral coefficients are distributed: a Gaussian as a vector for cosine and Euclidean distance.
///
/// Each frame has 42 values: 32 coefficients of the orthonormal DCT-II of the decibels; for the first 5 of them also
/// the difference between the next and the previous frame, and the second difference (at the ends the outermost frame
/// is repeated). The descriptor holds the means of the 32 coefficients, and the upper triangle of the matrix logarithm
/// of the covariance of all 42 (divided by the number of frames, with a ridge of 1 dB² on the diagonal). The values off
/// the diagonal are multiplied by √2, so that the Euclidean distance between two triangles is the log-Euclidean
/// distance of the matrices (Arsigny et al., 2006).
struct CovarianceDescriptor: ~Copyable {
  static let coefficientCount = 32
  static let differenceCount = 5
  static let seriesCount = coefficientCount + 2 * differenceCount
  static let covarianceCount = seriesCount * (seriesCount + 1) / 2
  /// In dB².
  static let ridge = 1.0

  private typealias Lanes = SIMD4<Double>
  private let cosineTransform: CosineTransform
  private var matrixLogarithm = SymmetricMatrixLogarithm(size: seriesCount)

  init(melBandCount: Int, kernels: KernelChoice) {
    cosineTransform = CosineTransform(
      inputCount: melBandCount, coefficientCount: Self.coefficientCount, kernels: kernels)
  }

  /// The means and the logarithm's upper triangle, row by row, `coefficientCount` + `covarianceCount` values.
  ///
  /// - Parameter decibels: the excerpts of a song, each of frames (≥ 1) × mel bands.
  mutating func callAsFunction(of decibels: [[Float]]) -> [Float] {
    let coefficients = decibels.map { cosineTransform(rows: $0) }
    let frameCount = coefficients.reduce(0) { $0 + $1.count } / Self.coefficientCount
    var (series, length) = Self.series(of: coefficients, frameCount: frameCount)
    let means = Self.centre(&series, length: length, frameCount: frameCount)
    let covariance = Self.covariance(of: series, length: length, frameCount: frameCount)
    let logarithm = matrixLogarithm(upperTriangle: covariance)
    return means.prefix(Self.coefficientCount).map { Float($0) } + Self.weighted(logarithm)
  }

  /// `seriesCount` rows of `length` SIMD vectors, one excerpt after another, zero past the last frame.
  private static func series(of excerpts: [[Float]], frameCount: Int) -> (rows: [Lanes], length: Int) {
    let length = (frameCount + Lanes.scalarCount - 1) / Lanes.scalarCount
    var rows = [Lanes](repeating: .zero, count: seriesCount * length)
    rows.withUnsafeMutableBytes { bytes in
      let values = bytes.bindMemory(to: Double.self)
      let stride = length * Lanes.scalarCount
      var start = 0
      for coefficients in excerpts {
        write(coefficients, to: values.baseAddress.map { $0 + start }, stride: stride)
        start += coefficients.count / coefficientCount
      }
    }
    return (rows, length)
  }

  /// Writes an excerpt's values, those of each row `stride` after those of the row before.
  private static func write(_ coefficients: [Float], to values: UnsafeMutablePointer<Double>?, stride: Int) {
    guard let values else { return }
    let frameCount = coefficients.count / coefficientCount
    for frame in 0..<frameCount {
      let here = frame * coefficientCount
      for index in 0..<coefficientCount { values[index * stride + frame] = Double(coefficients[here + index]) }
      let before = max(frame - 1, 0) * coefficientCount
      let after = min(frame + 1, frameCount - 1) * coefficientCount
      for index in 0..<differenceCount {
        let previous = Double(coefficients[before + index])
        let next = Double(coefficients[after + index])
        values[(coefficientCount + index) * stride + frame] = next - previous
        values[(coefficientCount + differenceCount + index) * stride + frame] =
          next - 2 * Double(coefficients[here + index]) + previous
      }
    }
  }

  /// Subtracts each row's mean, except past the last frame, and returns the means.
  private static func centre(_ series: inout [Lanes], length: Int, frameCount: Int) -> [Double] {
    (0..<seriesCount).map { row in
      let range = row * length..<(row + 1) * length
      let mean = series[range].reduce(Lanes.zero, +).sum() / Double(frameCount)
      for index in range { series[index] -= mean }
      let past = length * Lanes.scalarCount - frameCount
      for lane in Lanes.scalarCount - past..<Lanes.scalarCount { series[range.upperBound - 1][lane] = 0 }
      return mean
    }
  }

  /// The upper triangle, row by row, ridge included.
  private static func covariance(of series: [Lanes], length: Int, frameCount: Int) -> [Double] {
    series.withUnsafeBufferPointer { series in
      var triangle: [Double] = []
      triangle.reserveCapacity(covarianceCount)
      for row in 0..<seriesCount {
        for column in row..<seriesCount {
          var sum = Lanes.zero
          for index in 0..<length { sum += series[row * length + index] * series[column * length + index] }
          triangle.append(sum.sum() / Double(frameCount) + (row == column ? ridge : 0))
        }
      }
      return triangle
    }
  }

  private static func weighted(_ triangle: [Double]) -> [Float] {
    var index = 0
    return (0..<seriesCount).flatMap { row in
      (row..<seriesCount).map { column in
        defer { index += 1 }
        return Float(row == column ? triangle[index] : triangle[index] * 2.0.squareRoot())
      }
    }
  }
}
