import MetricLearning
import Reproducibility
import Testing

@Suite struct HubnessSamplingTests {
  /// Lists in which half of the songs come often.
  private func lists(_ count: Int) -> [[Int]] {
    var generator = SeededGenerator(seed: 7)
    return (0..<count).map { _ in
      var list: Set<Int> = []
      while list.count < 10 {
        let song = Int(Double(count) * generator.uniform())
        if song < count / 2 || generator.uniform() < 0.3 { list.insert(song) }
      }
      return list.sorted()
    }
  }

  @Test func ifAllAskItIsTheSkewness() {
    let hubness = Hubness(nearest: lists(300), referenceCount: 300)
    #expect(abs(hubness.estimatedSkewness(queryCount: 300) - hubness.skewness) < 1e-9)
    #expect(Hubness(nearest: (0..<4).map { [$0] }, referenceCount: 4).estimatedSkewness(queryCount: 4) == 0)
  }

  @Test func aSampleTellsWhatAllWould() {
    let lists = lists(4000)
    let all = Hubness(nearest: lists, referenceCount: 4000).skewness
    let samples = stride(from: 0, to: 4000, by: 200).map {
      Hubness(nearest: Array(lists[$0..<$0 + 200]), referenceCount: 4000)
    }
    func mean(_ value: (Hubness) -> Double) -> Double { samples.reduce(0) { $0 + value($1) } / Double(samples.count) }
    #expect(abs(mean { $0.estimatedSkewness(queryCount: 200) } - all) < 0.3)
    // Of single lists chance decides who is in them, which looks like hubs.
    #expect(mean(\.skewness) - all > 0.5)
  }
}
