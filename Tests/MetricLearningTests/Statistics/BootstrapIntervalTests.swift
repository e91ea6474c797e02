import MetricLearning
import Reproducibility
import Testing

@Suite struct BootstrapIntervalTests {
  @Test func agreesWithSciPy() throws {
    for golden in try EvaluationGoldens.load().intervals {
      var generator = SeededGenerator(seed: 2)
      let interval = BootstrapInterval(of: golden.values, confidence: golden.confidence, using: &generator)
      let tolerance = 0.02 * (golden.upper - golden.lower)
      #expect(abs(interval.lower - golden.lower) < tolerance && abs(interval.upper - golden.upper) < tolerance)
      #expect(interval.mean == golden.values.reduce(0, +) / Double(golden.values.count))
      var again = SeededGenerator(seed: 2)
      #expect(BootstrapInterval(of: golden.values, confidence: golden.confidence, using: &again) == interval)
    }
  }

  /// Songs of one artist are alike: ten artists are less evidence than a hundred songs.
  @Test func groupsWidenTheInterval() {
    var generator = SeededGenerator(seed: 3)
    let groups = (0..<100).map { $0 / 10 }
    let artists = (0..<10).map { _ in generator.uniform() }
    let values = groups.map { artists[$0] }
    let single = BootstrapInterval(of: values, using: &generator)
    let grouped = BootstrapInterval(of: values, groups: groups, using: &generator)
    #expect(grouped.mean == single.mean)
    #expect(grouped.upper - grouped.lower > 2 * (single.upper - single.lower))
  }

  /// About 95 % of the 95 % intervals contain the true mean.
  @Test func coversTheTruthAsOftenAsSaid() {
    var generator = SeededGenerator(seed: 4)
    let hits = (0..<400).count { _ in
      let values = (0..<60).map { _ in generator.uniform() }
      let interval = BootstrapInterval(of: values, resamples: 400, using: &generator)
      return interval.lower <= 0.5 && 0.5 <= interval.upper
    }
    #expect((364...396).contains(hits))
  }

  @Test func fewValues() {
    var generator = SeededGenerator(seed: 5)
    let none = BootstrapInterval(of: [], using: &generator)
    #expect(none.mean == 0 && none.lower == 0 && none.upper == 0)
    let one = BootstrapInterval(of: [0.25], using: &generator)
    #expect(one.lower == 0.25 && one.upper == 0.25)
  }
}
