import MetricLearning
import Reproducibility
import Testing

@Suite struct SamplerTests {
  struct Plan: Sendable, CustomTestStringConvertible {
    /// The number of songs of each class.
    var sizes: [Int]
    var classes: Int
    var songs: Int

    var labels: [Int] {
      sizes.enumerated().flatMap { label, size in [Int](repeating: label * 3 - 4, count: size) }
    }
    var testDescription: String { "\(sizes), \(classes) × \(songs)" }
  }

  static let plans = [
    Plan(sizes: [12, 12, 12, 12], classes: 4, songs: 4), Plan(sizes: [12, 12, 12, 12], classes: 2, songs: 3),
    Plan(sizes: [12, 12, 12, 12, 12], classes: 3, songs: 5), Plan(sizes: [40, 11, 7], classes: 2, songs: 4),
    Plan(sizes: [2, 5, 1], classes: 8, songs: 4), Plan(sizes: [9], classes: 3, songs: 2),
    Plan(sizes: [100, 3], classes: 1, songs: 1),
  ]

  @Test(arguments: plans, 0..<5 as Range<UInt64>)
  func balancedBatchesHoldPClassesOfKSongs(plan: Plan, seed: UInt64) {
    let labels = plan.labels
    var generator = SeededGenerator(seed: seed)
    let sampler = ClassBalancedSampler(labels: labels, classesPerBatch: plan.classes, songsPerClass: plan.songs)
    let classes = min(plan.classes, plan.sizes.count)
    #expect(sampler.classesPerBatch == classes)
    let batches = sampler.batches(using: &generator)
    let size = classes * plan.songs
    #expect(batches.count == (labels.count + size - 1) / size)
    for batch in batches {
      #expect(batch.count == size)
      let byClass = Dictionary(grouping: batch) { labels[$0] }
      #expect(byClass.count == classes && byClass.values.allSatisfy { $0.count == plan.songs })
      for (label, songs) in byClass {
        let available = labels.filter { $0 == label }.count
        #expect(Set(songs).count == min(plan.songs, available), "repeats only where the class is too small")
      }
    }
  }

  @Test(arguments: plans, 0..<5 as Range<UInt64>)
  func balancedEpochsDrawClassesAndTheirSongsEquallyOften(plan: Plan, seed: UInt64) {
    let labels = plan.labels
    var generator = SeededGenerator(seed: seed)
    let batches = ClassBalancedSampler(
      labels: labels, classesPerBatch: plan.classes, songsPerClass: plan.songs
    ).batches(using: &generator)
    var counts = [Int](repeating: 0, count: labels.count)
    for song in batches.joined() {
      counts[song] += 1
    }
    let byClass = Dictionary(grouping: labels.indices) { labels[$0] }.values.map { $0.map { counts[$0] } }
    for counts in byClass {
      #expect(counts.max()! - counts.min()! <= 1, "\(counts)")
    }
    let draws = byClass.map { $0.reduce(0, +) / plan.songs }
    #expect(draws.max()! - draws.min()! <= 1, "\(draws)")
  }

  @Test func classesOfOneSizeGiveEverySongOnce() {
    var generator = SeededGenerator(seed: 2)
    let labels = (0..<96).map { $0 % 8 }
    let sampler = ClassBalancedSampler(labels: labels, classesPerBatch: 8, songsPerClass: 4)
    #expect(sampler.batches(using: &generator).joined().sorted() == Array(0..<96))
  }

  @Test func plainBatchesHoldEverySongOnce() {
    var generator = SeededGenerator(seed: 3)
    let sampler = ShuffledBatchSampler(songCount: 103, batchSize: 16)
    let batches = sampler.batches(using: &generator)
    #expect(batches.map(\.count) == [16, 16, 16, 16, 16, 16, 7])
    #expect(batches.joined().sorted() == Array(0..<103))
    #expect(sampler.batches(using: &generator) != batches, "a new order every epoch")
  }

  @Test func nothingToDrawFrom() {
    var generator = SeededGenerator(seed: 3)
    let balanced = ClassBalancedSampler(labels: [], classesPerBatch: 8, songsPerClass: 4)
    #expect(balanced.classesPerBatch == 0)
    #expect(balanced.batches(using: &generator).isEmpty)
    #expect(ShuffledBatchSampler(songCount: 0, batchSize: 4).batches(using: &generator).isEmpty)
  }

  @Test func sameSeedDrawsTheSame() {
    func epochs(seed: UInt64) -> [[[Int]]] {
      var generator = SeededGenerator(seed: seed)
      let labels = (0..<50).map { $0 % 7 }
      let balanced = ClassBalancedSampler(labels: labels, classesPerBatch: 3, songsPerClass: 4)
      let plain = ShuffledBatchSampler(songCount: 50, batchSize: 8)
      return [
        balanced.batches(using: &generator), balanced.batches(using: &generator), plain.batches(using: &generator),
      ]
    }
    #expect(epochs(seed: 1) == epochs(seed: 1))
    #expect(epochs(seed: 1) != epochs(seed: 2))
    #expect(epochs(seed: 1)[0] != epochs(seed: 1)[1])
  }
}
