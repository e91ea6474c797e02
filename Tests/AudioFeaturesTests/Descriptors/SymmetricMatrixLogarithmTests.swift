import AudioFeatures
import Foundation
import Testing

@Suite struct SymmetricMatrixLogarithmTests {
  /// Random orthonormal vectors, `size` × `size`, by Gram and Schmidt.
  private static func orthonormal(_ size: Int) -> [[Double]] {
    let noise = TestSignal.noise.samples(count: size * size, sampleRate: 22_050).map { Double($0) }
    var vectors: [[Double]] = []
    for row in 0..<size {
      var vector = Array(noise[row * size..<(row + 1) * size])
      for _ in 0..<2 {
        for earlier in vectors {
          let product = zip(vector, earlier).reduce(0) { $0 + $1.0 * $1.1 }
          vector = zip(vector, earlier).map { $0 - product * $1 }
        }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vectors.append(vector.map { $0 / length })
    }
    return vectors
  }

  private static func triangle(_ vectors: [[Double]], _ eigenvalues: [Double]) -> [Double] {
    let size = vectors.count
    return (0..<size).flatMap { row in
      (row..<size).map { column in
        zip(vectors, eigenvalues).reduce(0) { $0 + $1.1 * $1.0[row] * $1.0[column] }
      }
    }
  }

  /// Condition numbers up to 10⁸, and eigenvalues that are equal.
  @Test(arguments: [1, 2, 3, 4, 5, 17, 42, 61], [0.0, 1, 4, 8])
  func isTheLogarithmOfTheEigenvalues(size: Int, decades: Double) {
    let vectors = Self.orthonormal(size)
    let eigenvalues = (0..<size).map { pow(10, decades * Double($0 / 2) / Double(max(1, size / 2))) }
    var matrixLogarithm = SymmetricMatrixLogarithm(size: size)
    let expected = Self.triangle(vectors, eigenvalues.map { log($0) })
    for _ in 0..<2 {  // The second time must not depend on the first.
      let logarithm = matrixLogarithm(upperTriangle: Self.triangle(vectors, eigenvalues))
      #expect(zip(logarithm, expected).allSatisfy { abs($0 - $1) <= 1e-7 })
    }
  }

  @Test func diagonalsStayDiagonal() {
    var matrixLogarithm = SymmetricMatrixLogarithm(size: 3)
    let logarithm = matrixLogarithm(upperTriangle: [1, 0, 0, 4, 0, 9])
    #expect(zip(logarithm, [0, 0, 0, log(4), 0, log(9)]).allSatisfy { abs($0 - $1) <= 1e-15 })
  }
}
