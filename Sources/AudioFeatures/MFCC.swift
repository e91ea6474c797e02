/// Mel-frequency cepstral coefficients over time.
public struct MFCC: Sendable, Hashable {
  /// Number of frames.
  public let frameCount: Int
  /// Number of coefficients of each frame.
  public let coefficientCount: Int
  /// The coefficients, `frameCount` × `coefficientCount`, one frame after another.
  public let values: [Float]

  /// Wraps coefficients, one frame after another.
  public init(frameCount: Int, coefficientCount: Int, values: [Float]) {
    precondition(
      frameCount >= 0 && coefficientCount >= 1 && values.count == frameCount * coefficientCount,
      "\(values.count) values are not \(frameCount) frames of \(coefficientCount) coefficients")
    self.frameCount = frameCount
    self.coefficientCount = coefficientCount
    self.values = values
  }

  /// Each coefficient's statistics over the frames, statistic by statistic in the order of ``SummaryStatistic``:
  /// the means of all coefficients, then their standard deviations, and so on. 7 × `coefficientCount` values.
  public func statistics() -> [Float] {
    let summaries = (0..<coefficientCount).map { coefficient in
      SummaryStatistics(
        of: stride(from: coefficient, to: values.count, by: coefficientCount).map { values[$0] })
    }
    return SummaryStatistic.allCases.flatMap { statistic in summaries.map { Float($0[statistic]) } }
  }
}
