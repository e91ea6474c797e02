import MetricLearning
import Reproducibility
import Testing

@Suite struct LinearDiscriminantAnalysisTests {
  /// Songs of classes whose means differ by more than songs of one class do.
  private static func songs(
    count: Int, dimension: Int, classCount: Int, seed: UInt64 = 1
  ) -> (vectors: EmbeddingMatrix, labels: [Int]) {
    var generator = SeededGenerator(seed: seed)
    let means = (0..<classCount * dimension).map { _ in Float(generator.normal()) }
    let labels = (0..<count).map { $0 % classCount }
    var values: [Float] = []
    for label in labels {
      for column in 0..<dimension {
        values.append(means[label * dimension + column] + 2 * Float(generator.normal()) + 7)
      }
    }
    return (EmbeddingMatrix(count: count, dimension: dimension, values: values), labels)
  }

  @Test func agreesWithScikitLearn() throws {
    let goldens = try ControlGoldens.load().discriminants
    #expect(goldens.count == 6)
    for golden in goldens {
      let shrinkage = golden.isAutomatic ? .ledoitWolf : golden.amount.map(CovarianceShrinkage.fixed) ?? .none
      let analysis = try LinearDiscriminantAnalysis(
        vectors: EmbeddingMatrix(rows: golden.vectors), labels: golden.labels, shrinkage: shrinkage)
      #expect(analysis.outputDimension == golden.axes.count && analysis.inputDimension == golden.vectors[0].count)
      for (axis, expected) in golden.axes.enumerated() {
        let found = analysis.axes[axis * analysis.inputDimension..<(axis + 1) * analysis.inputDimension]
        let isTurned = zip(found, expected).reduce(0) { $0 + $1.0 * $1.1 } < 0
        let error = relativeError(found.map { isTurned ? -$0 : $0 }, expected)
        #expect(error < 1e-6, "\(shrinkage), axis \(axis) of \(analysis.inputDimension) dimensions")
      }
    }
  }

  /// The paper's MFCC statistics: 140 dimensions of 85 songs, so that the scatter within the classes has no inverse.
  @Test(arguments: [CovarianceShrinkage.none, .fixed(0.1), .ledoitWolf])
  func fewSongsOfManyDimensions(shrinkage: CovarianceShrinkage) throws {
    let (vectors, labels) = Self.songs(count: 85, dimension: 140, classCount: 8)
    let analysis = try LinearDiscriminantAnalysis(vectors: vectors, labels: labels, shrinkage: shrinkage)
    #expect(analysis.outputDimension == 7)
    let projected = analysis.project(vectors)
    #expect(projected.values.allSatisfy { $0.isFinite })
    #expect(Array(projected[3]) == analysis.project(vectors[3]))
    let evaluation = RetrievalEvaluation(references: labels.map { RetrievalSong(classIndex: $0) })
    let metrics = evaluation.metrics(
      of: evaluation.everySongAsQuery, classNames: (0..<8).map(String.init)
    ) { query, row in
      EmbeddingComparison.cosine.writeSimilarities(from: projected[query], to: projected, into: &row)
    }
    #expect(metrics.map > 0.95, "songs that were fitted to")
  }

  @Test func varianceWithinClassesIsOne() throws {
    let (vectors, labels) = Self.songs(count: 60, dimension: 5, classCount: 3)
    let projected = try LinearDiscriminantAnalysis(vectors: vectors, labels: labels).project(vectors)
    for axis in 0..<2 {
      let values = (0..<60).map { Double(Array(projected[$0])[axis]) }
      #expect(abs(values.reduce(0, +)) < 1e-4)
      var squares = 0.0
      for label in 0..<3 {
        let own = values.indices.filter { labels[$0] == label }.map { values[$0] }
        let mean = own.reduce(0, +) / Double(own.count)
        squares += own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
      #expect(abs(squares / 60 - 1) < 1e-5)
    }
  }

  @Test func keepsAsManyAxesAsAsked() throws {
    let (vectors, labels) = Self.songs(count: 30, dimension: 6, classCount: 4)
    let all = try LinearDiscriminantAnalysis(vectors: vectors, labels: labels)
    let two = try LinearDiscriminantAnalysis(vectors: vectors, labels: labels, outputDimension: 2)
    #expect(all.outputDimension == 3 && two.outputDimension == 2)
    #expect(two.axes == Array(all.axes.prefix(12)))
  }

  @Test func constantDimensionsDoNoHarm() throws {
    let (vectors, labels) = Self.songs(count: 30, dimension: 6, classCount: 4)
    let rows = (0..<30).map { Array(vectors[$0]) + [0.1] }
    for shrinkage in [CovarianceShrinkage.none, .fixed(0.5), .ledoitWolf] {
      let analysis = try LinearDiscriminantAnalysis(
        vectors: EmbeddingMatrix(rows: rows), labels: labels, shrinkage: shrinkage)
      #expect(analysis.axes.allSatisfy { $0.isFinite })
    }
  }

  @Test func saysWhatCannotBeFitted() {
    let rows = EmbeddingMatrix(rows: [[1, 2], [2, 1], [1, 1], [3, 5]])
    #expect(throws: ModelFittingError.tooFewClasses(count: 1)) {
      try LinearDiscriminantAnalysis(vectors: rows, labels: [1, 1, 1, 1])
    }
    #expect(throws: ModelFittingError.tooFewVectors(count: 4, needed: 5)) {
      try LinearDiscriminantAnalysis(vectors: rows, labels: [1, 2, 3, 4])
    }
    #expect(throws: ModelFittingError.notFinite) {
      try LinearDiscriminantAnalysis(vectors: EmbeddingMatrix(rows: [[1], [.nan], [2]]), labels: [1, 1, 2])
    }
    let alike = EmbeddingMatrix(rows: [[1, 2], [1, 2], [3, 5]])
    for shrinkage in [CovarianceShrinkage.none, .fixed(0.5), .ledoitWolf] {
      #expect(throws: ModelFittingError.singular) {
        try LinearDiscriminantAnalysis(vectors: alike, labels: [1, 1, 2], shrinkage: shrinkage)
      }
    }
    #expect(throws: ModelFittingError.tooFewClasses(count: 0)) {
      try LinearDiscriminantAnalysis(vectors: EmbeddingMatrix(rows: []), labels: [])
    }
  }
}
