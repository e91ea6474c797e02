import MetricLearning
import Reproducibility
import Testing

@Suite struct LabelledDirectionsTests {
  /// Forty makers with five vectors each, in two classes: the first dimension tells classes apart, the second varies
  /// within makers, and the others are noise. The class of a maker is even or odd.
  private static func labelled(seed: UInt64 = 1, classOf: (_ maker: Int, _ row: Int) -> [Int]) -> LabelledVectors {
    var generator = SeededGenerator(seed: seed)
    var (rows, makers, classes): ([[Float]], [Int?], [[Int]]) = ([], [], [])
    for maker in 0..<40 {
      let place = (0..<12).map { _ in Float(generator.normal()) * 0.5 }
      for row in 0..<5 {
        var vector = place.map { $0 + Float(generator.normal()) * 0.1 }
        vector[0] += maker.isMultiple(of: 2) ? 0.7 : -0.7
        vector[1] += Float(generator.normal()) * 2
        rows.append(vector)
        makers.append(maker)
        classes.append(classOf(maker, row))
      }
    }
    return LabelledVectors(
      vectors: EmbeddingMatrix(rows: rows), makers: makers, sets: makers.map { _ in nil }, classes: classes)
  }

  /// How much longer a change makes each axis.
  private static func stretch(_ change: LowRankChange) -> [Float] {
    (0..<12).map { axis in
      var vector = [Float](repeating: 0, count: 12)
      vector[axis] = 1
      change.apply(to: &vector)
      return vector[axis]
    }
  }

  @Test func differencesWithinMakersCountLessAndThoseBetweenClassesMore() {
    let learned = LabelledDirections(learning: Self.labelled { maker, _ in [maker % 2] }, count: 12)
    #expect(!learned.isWithoutClasses)
    #expect(learned.trust.makers > 0.2 && learned.trust.makers < 1 && learned.trust.sets == 0)
    #expect(learned.trust.classes.values.allSatisfy { $0 > 0.2 && $0 < 1 } && learned.trust.classes.count == 2)
    let plain = Self.stretch(learned.change(gain: 0, count: 12))
    #expect(plain[1] < 0.2 && plain[5] > 3 * plain[1])
    let gained = Self.stretch(learned.change(gain: 2, count: 12))
    #expect(gained[0] > 1.7 * plain[0] && gained[1] < 0.3)
    #expect(learned.change(gain: 2, count: 3).count == 3)
  }

  @Test func labelsByChanceAreNotTrusted() {
    var generator = SeededGenerator(seed: 8)
    let shuffled = LabelledDirections(
      learning: Self.labelled { _, _ in [Int.random(in: 0...1, using: &generator)] }, count: 12)
    #expect(shuffled.trust.classes.values.allSatisfy { $0 < 0.1 })
    var mixed = Self.labelled { _, _ in [] }
    mixed.makers.shuffle(using: &generator)
    let learned = LabelledDirections(learning: mixed, count: 12)
    #expect(learned.trust.makers < 0.05 && learned.isWithoutClasses && learned.trust.classes.isEmpty)
  }

  @Test func classesThatSayNothingAreNotUsed() {
    // A class of everybody, one of a single maker, and one of three vectors.
    let learned = LabelledDirections(
      learning: Self.labelled { maker, row in
        [9] + (maker == 3 ? [1] : []) + (row == 0 && maker < 3 ? [2] : [])
      }, count: 12)
    #expect(learned.isWithoutClasses)
    #expect(learned.trust.classes == [9: 0])
  }

  @Test func nothingIsLearnedFromNothing() {
    let labelled = LabelledVectors(
      vectors: EmbeddingMatrix(rows: [[1, 0], [0, 1]]), makers: [nil, nil], sets: [nil, nil], classes: [[], []])
    let learned = LabelledDirections(learning: labelled, count: 8)
    #expect(learned.isWithoutClasses && learned.change(gain: 2, count: 8).count == 0)
  }
}
