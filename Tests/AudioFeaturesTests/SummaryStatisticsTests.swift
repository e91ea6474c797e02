import AudioFeatures
import Testing

@Suite struct SummaryStatisticsTests {
  @Test func knownSeries() {
    // Deviations from the mean 3: -2, -2, -1, 5; moments 34/4, (-8 - 8 - 1 + 125)/4, (16 + 16 + 1 + 625)/4.
    let statistics = SummaryStatistics(of: [1, 8, 1, 2])
    #expect(statistics[.mean] == 3)
    #expect(abs(statistics[.standardDeviation] - 8.5.squareRoot()) < 1e-12)
    #expect(abs(statistics[.skewness] - 27 / (8.5 * 8.5.squareRoot())) < 1e-12)
    #expect(abs(statistics[.kurtosis] - (164.5 / (8.5 * 8.5) - 3)) < 1e-12)
    #expect(statistics[.median] == 1.5)
    #expect(statistics[.minimum] == 1)
    #expect(statistics[.maximum] == 8)
  }

  @Test(arguments: [[Float](repeating: 7, count: 5), [-1130.3], [0, 0], [1000, 1000.0001]])
  func constantSeriesHaveNoShape(series: [Float]) {
    let statistics = SummaryStatistics(of: series)
    #expect(statistics[.skewness] == 0)
    #expect(statistics[.kurtosis] == 0)
    #expect(statistics[.median] == Double(series[0]) || series.count == 2)
  }

  @Test func emptySeriesAreZero() {
    let statistics = SummaryStatistics(of: [])
    #expect(SummaryStatistic.allCases.allSatisfy { statistics[$0] == 0 })
  }

  @Test func vectorsRunStatisticByStatistic() {
    let mfcc = MFCC(frameCount: 3, coefficientCount: 2, values: [1, 10, 2, 30, 6, 20])
    let statistics = mfcc.statistics()
    #expect(statistics.count == 14)
    #expect(statistics[0...1] == [3, 20])  // means
    #expect(statistics[8...9] == [2, 20])  // medians
    #expect(statistics[10...11] == [1, 10])  // minima
    #expect(statistics[12...13] == [6, 30])  // maxima
  }
}
