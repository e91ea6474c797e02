import MetricLearning
import Reproducibility
import Testing

@Suite struct PairedTestTests {
  @Test func wilcoxonAgreesWithSciPy() throws {
    let goldens = try EvaluationGoldens.load().pairedTests
    #expect(goldens.count == 5)
    for golden in goldens {
      let test = WilcoxonSignedRank(golden.first, golden.second)
      #expect(test.pairCount == golden.differing)
      #expect(test.statistic == golden.statistic)
      #expect(relativeError([test.pValue], [golden.wilcoxon]) < 1e-12)
      let turned = WilcoxonSignedRank(golden.second, golden.first)
      #expect(turned.positiveRankSum == test.negativeRankSum && turned.pValue == test.pValue)
    }
  }

  @Test func permutationAgreesWithSciPy() throws {
    for golden in try EvaluationGoldens.load().pairedTests {
      var generator = SeededGenerator(seed: 1)
      let test = PairedPermutationTest(golden.first, golden.second, resamples: 20_000, using: &generator)
      if golden.isExact {
        #expect(abs(test.pValue - golden.permutation) < 1e-12)
        #expect(generator == SeededGenerator(seed: 1), "all ways are tried, none is drawn")
      } else {
        // Both are random: four standard errors of the difference.
        let p = golden.permutation
        #expect(abs(test.pValue - p) < 4 * (2 * p * (1 - p) / 20_000).squareRoot() + 1e-4)
      }
    }
  }

  @Test func equalValuesDoNotDiffer() {
    var generator = SeededGenerator(seed: 1)
    for values in [[], [0.5], [0.1, 0.2, 0.3]] as [[Double]] {
      let signedRank = WilcoxonSignedRank(values, values)
      #expect(signedRank.pValue == 1 && signedRank.pairCount == 0 && signedRank.statistic == 0)
      let permutation = PairedPermutationTest(values, values, using: &generator)
      #expect(permutation.pValue == 1 && permutation.meanDifference == 0)
    }
  }

  @Test func theSameSeedDrawsTheSame() {
    let first = (0..<70).map { Double($0 % 7) / 7 }
    let second = (0..<70).map { Double($0 % 5) / 5 }
    let values = ([3, 3, 4] as [UInt64]).map { seed in
      var generator = SeededGenerator(seed: seed)
      return PairedPermutationTest(first, second, resamples: 500, using: &generator).pValue
    }
    #expect(values[0] == values[1] && values[0] != values[2])
  }

  /// If only chance differs, one test in twenty gives 0.05 or less.
  @Test func falseAlarmsAreAsRareAsSaid() {
    var generator = SeededGenerator(seed: 8)
    var alarms = (wilcoxon: 0, permutation: 0)
    for _ in 0..<1000 {
      let first = (0..<25).map { _ in generator.normal() }
      let second = (0..<25).map { _ in generator.normal() }
      if WilcoxonSignedRank(first, second).pValue <= 0.05 { alarms.wilcoxon += 1 }
      let permutation = PairedPermutationTest(first, second, resamples: 199, using: &generator)
      if permutation.pValue <= 0.05 { alarms.permutation += 1 }
    }
    #expect((25...75).contains(alarms.wilcoxon) && (25...75).contains(alarms.permutation))
  }
}
