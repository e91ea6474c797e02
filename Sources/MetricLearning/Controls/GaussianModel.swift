/// A song as a normal distribution of its frames: the mean and the full covariance of their coefficients.
///
/// The model behind musly's methods, and a control for what a network learns. `timbre`, the best of them, takes 25 MFCC
/// of 36 mel bands (22,050 Hz, half-overlapping windows of 1,024 samples, from the middle minute), compares songs by
/// `jensenShannonDistance` and corrects hubs by `MutualProximity`. Sources: Mandel and Ellis, *Song-Level Features and
/// Support Vector Machines for Music Classification* (2005); Schnitzer et al., *Using Mutual Proximity to Improve
/// Content-Based Audio Similarity* (2011).
public struct GaussianModel: Sendable, Hashable {
  /// The number of coefficients of a frame.
  public let dimension: Int
  /// The mean of each coefficient.
  public let mean: [Double]
  /// The covariance of the coefficients, divided by the number of frames − 1, plus the ridge: `dimension` ×
  /// `dimension`.
  public let covariance: [Double]
  /// ln |Σ|.
  public let logDeterminant: Double

  /// Fits a model to the frames of a song.
  ///
  /// - Parameters:
  ///   - frames: frames × coefficients, row-major; more frames than coefficients.
  ///   - coefficientCount: the number of coefficients of a frame, at least 1.
  ///   - ridge: added to each variance, so that silence has a model too; 10⁻⁴ as in musly.
  /// - Throws: `ModelFittingError`.
  public init(frames: [Float], coefficientCount: Int, ridge: Double = 1e-4) throws(ModelFittingError) {
    precondition(
      coefficientCount > 0 && frames.count.isMultiple(of: coefficientCount),
      "\(frames.count) numbers are not frames of \(coefficientCount) coefficients")
    let frameCount = frames.count / coefficientCount
    guard frameCount > coefficientCount else {
      throw .tooFewVectors(count: frameCount, needed: coefficientCount + 1)
    }
    guard frames.allSatisfy(\.isFinite) else { throw .notFinite }
    let rows = CentredRows(frames.map(Double.init), dimension: coefficientCount)
    var covariance = rows.covariance(divisor: Double(frameCount - 1))
    for index in 0..<coefficientCount { covariance[index * (coefficientCount + 1)] += ridge }
    guard let cholesky = Cholesky(covariance, count: coefficientCount) else { throw .singular }
    dimension = coefficientCount
    mean = rows.mean
    self.covariance = covariance
    logDeterminant = cholesky.logDeterminant
  }

  /// √(½ ln |Σ| − ¼ ln |Σ₁| − ¼ ln |Σ₂|) with Σ = ½ (Σ₁ + Σ₂) + ¼ (μ₁ − μ₂)(μ₁ − μ₂)ᵀ: the root of the Jensen–Shannon
  /// divergence, with one normal distribution instead of the mixture.
  ///
  /// 0 or more, symmetric, 0 for equal models. O(dimension³).
  public func jensenShannonDistance(to other: GaussianModel) -> Float {
    precondition(dimension == other.dimension, "models of \(dimension) and \(other.dimension) coefficients")
    guard self != other else { return 0 }
    var merged = [Double](repeating: 0, count: dimension * dimension)
    for row in 0..<dimension {
      let offset = 0.25 * (mean[row] - other.mean[row])
      for column in 0...row {
        let index = row * dimension + column
        merged[index] =
          0.5 * (covariance[index] + other.covariance[index]) + offset * (mean[column] - other.mean[column])
      }
    }
    // The mean of two positive-definite covariances is positive definite too; only overflow can make this fail.
    guard let cholesky = Cholesky(merged, count: dimension) else { return .infinity }
    let divergence = 0.5 * cholesky.logDeterminant - 0.25 * (logDeterminant + other.logDeterminant)
    return Float(max(0, divergence).squareRoot())
  }
}
