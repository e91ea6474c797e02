import MetricLearning
import Reproducibility
import Testing

@Suite struct L2NormalisationTests {
  @Test func rowsGetLengthOne() {
    let output = L2Normalisation().forward(
      EmbeddingMatrix(rows: [[3, 4], [0, 0], [-1e30, 0], [1e-30, 0], [.nan, 1], [.infinity, 1]]))
    #expect(output.lengths.prefix(2) == [5, 0])
    let expected: [Float] = [0.6, 0.8, 0, 0, -1, 0, 1, 0]
    #expect(Array(output.embeddings.values.prefix(8)) == expected)
    #expect(output.embeddings[4].allSatisfy { $0.isNaN })
    #expect(output.embeddings[5].first?.isNaN == true)
  }

  @Test(arguments: 1..<9 as Range<UInt64>)
  func backwardIsTheSlope(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let dimension = Int(seed)
    let values = (0..<3 * dimension).map { _ in Float(generator.normal()) }
    let weights = EmbeddingMatrix(
      count: 3, dimension: dimension, values: (0..<3 * dimension).map { _ in Float(generator.normal()) })
    func weighted(_ values: [Float]) -> Double {
      let unit = L2Normalisation().forward(EmbeddingMatrix(count: 3, dimension: dimension, values: values))
      return zip(unit.embeddings.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let output = L2Normalisation().forward(EmbeddingMatrix(count: 3, dimension: dimension, values: values))
    let gradient = L2Normalisation().backward(weights, of: output)
    for index in values.indices {
      var (lower, upper) = (values, values)
      lower[index] -= 1.0 / 1024
      upper[index] += 1.0 / 1024
      let slope = (weighted(upper) - weighted(lower)) / Double(upper[index] - lower[index])
      #expect(abs(slope - Double(gradient.values[index])) < 2e-3 * max(1, abs(slope)))
    }
  }

  @Test func zeroRowsPassNothingOn() {
    let output = L2Normalisation().forward(EmbeddingMatrix(rows: [[0, 0], [0, 2]]))
    let gradient = L2Normalisation().backward(EmbeddingMatrix(rows: [[5, 5], [5, 5]]), of: output)
    #expect(gradient.values == [0, 0, 2.5, 0])
  }
}
