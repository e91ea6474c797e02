/// SplitMix64: the same vectors in every run.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// `count` × `dimension` values from -1 to 1.
func randomVectors(count: Int, dimension: Int, seed: UInt64) -> [Float] {
  var generator = TestGenerator(state: seed)
  return (0..<count * dimension).map { _ in Float.random(in: -1...1, using: &generator) }
}

/// Cosine similarity by its definition, in `Double`; 0 if a vector is zero.
func cosine(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Double {
  var product = 0.0
  var leftSquares = 0.0
  var rightSquares = 0.0
  for (x, y) in zip(left, right) {
    product += Double(x) * Double(y)
    leftSquares += Double(x) * Double(x)
    rightSquares += Double(y) * Double(y)
  }
  return leftSquares * rightSquares > 0 ? product / (leftSquares.squareRoot() * rightSquares.squareRoot()) : 0
}
