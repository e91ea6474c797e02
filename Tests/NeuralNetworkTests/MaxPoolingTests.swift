import NeuralNetwork
import Testing

@Suite struct MaxPoolingTests {
  @Test("A remainder is dropped; values below 0 count too")
  func loops() {
    let pooling = MaxPooling(inputShape: (7, 5), pool: (3, 2))
    let input = normalValues(35, seed: 1).map { $0 - 3 }
    var output = [Float](repeating: .nan, count: 4)
    #expect(pooling.outputShape == (2, 2))
    pooling.forward(input: input, output: &output)
    for frame in 0..<2 {
      for band in 0..<2 {
        let pool = (0..<6).map { input[(3 * frame + $0 / 2) * 5 + 2 * band + $0 % 2] }
        #expect(output[frame * 2 + band] == pool.max())
      }
    }
  }
}
