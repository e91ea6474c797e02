import MetricLearning
import Reproducibility
import Testing

@Suite struct DistanceTests {
  @Test(arguments: [0, 1, 2, 3, 4, 5, 8, 60])
  func squaredEuclideanIsTheSumOfSquaredDifferences(dimension: Int) {
    var generator = SeededGenerator(seed: UInt64(dimension))
    let count = 7
    let values = (0..<count * dimension).map { _ in Float(generator.normal()) }
    let embeddings = EmbeddingMatrix(count: count, dimension: dimension, values: values)
    let distances = SquaredEuclideanDistance().matrix(of: embeddings)
    for first in 0..<count {
      for second in 0..<count {
        let expected = zip(embeddings[first], embeddings[second])
          .reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
        #expect(abs(Double(distances[first, second]) - expected) <= 2e-7 * expected)
        #expect(distances[first, second] == distances[second, first])
      }
    }
  }

  @Test func squaredEuclideanKeepsDigitsBetweenCloseEmbeddings() {
    let embeddings = EmbeddingMatrix(rows: [[1000, 1000], [1000, 1000.0625]])
    #expect(SquaredEuclideanDistance().matrix(of: embeddings).values == [0, 0.00390625, 0.00390625, 0])
  }

  @Test(
    arguments: [
      ([3, 0], [5, 0], 1), ([1, 0], [0, 2], 0), ([1, 1], [-2, -2], -1), ([1, 0], [1, 1], 0.70710677),
      ([0, 0], [1, 1], 0), ([1e30, 1e30], [1e30, 1e30], 1), ([], [], 0),
    ] as [([Float], [Float], Float)])
  func cosineIsTheAngle(first: [Float], second: [Float], expected: Float) {
    let cosine = CosineSimilarity()
    #expect(abs(cosine(first[...], second[...]) - expected) <= 1e-7)
    #expect(cosine(first[...], second[...]) == cosine(second[...], first[...]))
  }

  @Test(arguments: 1..<14)
  func cosineIsTheQuotientOfSums(dimension: Int) {
    var generator = SeededGenerator(seed: UInt64(dimension))
    let values = (0..<5 * dimension).map { _ in Float(generator.normal()) }
    let embeddings = EmbeddingMatrix(count: 5, dimension: dimension, values: values)
    func product(_ first: Int, _ second: Int) -> Double {
      zip(embeddings[first], embeddings[second]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    var row = [Float](repeating: .nan, count: 5)
    for query in 0..<5 {
      CosineSimilarity().write(from: embeddings[query], to: embeddings, into: &row)
      for reference in 0..<5 {
        let lengths = (product(query, query) * product(reference, reference)).squareRoot()
        #expect(abs(Double(row[reference]) - product(query, reference) / lengths) <= 1e-7)
      }
      #expect(row[query] == 1)
    }
  }

  @Test func cosineOfNaNIsNaN() {
    #expect(CosineSimilarity()([.nan, 1], [1, 1]).isNaN)
  }

  @Test func rowsAreSlicesOfTheMatrix() {
    let matrix = EmbeddingMatrix(rows: [[1, 2, 3], [4, 5, 6]])
    #expect(matrix.count == 2 && matrix.dimension == 3)
    #expect(Array(matrix[1]) == [4, 5, 6])
    #expect(matrix.selecting([1, 0, 1]) == EmbeddingMatrix(rows: [[4, 5, 6], [1, 2, 3], [4, 5, 6]]))
  }

  @Test(
    arguments: [
      ([[1, 2], [1, 2], [1, 2]], 0), ([[1, 0], [-1, 0]], 1), ([[3, 0], [1, 0]], 0.4472135954999579),
      ([[0, 0], [0, 0]], 0), ([], 0),
    ] as [([[Float]], Double)])
  func spreadIsRelativeToLength(rows: [[Float]], expected: Double) {
    #expect(abs(EmbeddingMatrix(rows: rows).relativeSpread - expected) < 1e-12)
  }

  @Test func spreadOfNaNIsNaN() {
    #expect(EmbeddingMatrix(rows: [[1, .nan], [1, 1]]).relativeSpread.isNaN)
  }
}
