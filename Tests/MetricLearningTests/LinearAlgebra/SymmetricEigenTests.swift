import MetricLearning
import Reproducibility
import Testing

@Suite struct SymmetricEigenTests {
  /// A random symmetric matrix; of the given rank if it is not nil.
  private static func matrix(count: Int, rank: Int?, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    let rank = rank ?? count
    let factors = (0..<count * rank).map { _ in generator.normal() }
    let signs = (0..<rank).map { $0.isMultiple(of: 3) ? -1.0 : 1 }
    var matrix = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0..<count {
        for index in 0..<rank {
          matrix[row * count + column] += signs[index] * factors[row * rank + index] * factors[column * rank + index]
        }
      }
    }
    return matrix
  }

  private static func largestError(_ eigen: SymmetricEigen, of matrix: [Double]) -> (residual: Double, angle: Double) {
    let count = eigen.count
    var (residual, angle) = (0.0, 0.0)
    for place in 0..<count {
      let vector = Array(eigen[place])
      for row in 0..<count {
        let product = (0..<count).reduce(0) { $0 + matrix[row * count + $1] * vector[$1] }
        residual = max(residual, abs(product - eigen.values[place] * vector[row]))
      }
      for other in 0...place {
        let product = zip(vector, eigen[other]).reduce(0) { $0 + $1.0 * $1.1 }
        angle = max(angle, abs(product - (other == place ? 1 : 0)))
      }
    }
    return (residual, angle)
  }

  @Test(arguments: [1, 2, 3, 4, 7, 20, 61, 140])
  func decomposes(count: Int) throws {
    for rank in [nil, max(1, count / 3)] {
      let matrix = Self.matrix(count: count, rank: rank, seed: UInt64(count))
      let eigen = try #require(SymmetricEigen(matrix, count: count))
      let scale = matrix.reduce(1) { max($0, abs($1)) } * Double(count)
      let error = Self.largestError(eigen, of: matrix)
      #expect(error.residual < 1e-14 * scale, "rank \(rank ?? count)")
      #expect(error.angle < 1e-13)
      #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
    }
  }

  @Test func knowsTheTextbook() throws {
    // −1, 2, … of a path of four nodes: λ = 2 cos(π k / 5).
    let path: [Double] = [0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0]
    let eigen = try #require(SymmetricEigen(path, count: 4))
    let golden = 5.0.squareRoot()
    let expected = [(golden + 1) / 2, (golden - 1) / 2, (1 - golden) / 2, -(golden + 1) / 2]
    #expect(relativeError(eigen.values, expected) < 1e-15)
  }

  @Test(arguments: [0.0, 1, 1e-160, 1e150])
  func diagonalMatricesStayAsTheyAre(scale: Double) throws {
    let eigen = try #require(SymmetricEigen([scale, 0, 0, 0, -2 * scale, 0, 0, 0, scale], count: 3))
    #expect(eigen.values == [scale, scale, -2 * scale])
    if scale != 0 { #expect(eigen.vectors == [1, 0, 0, 0, 0, 1, 0, 1, 0]) }
  }

  @Test func signsAreFixed() throws {
    let eigen = try #require(SymmetricEigen(Self.matrix(count: 9, rank: nil, seed: 4), count: 9))
    for place in 0..<9 {
      let largest = try #require(eigen[place].max { abs($0) < abs($1) })
      #expect(largest > 0)
    }
  }

  @Test func onlyTheLowerTriangleIsRead() {
    #expect(SymmetricEigen([2, 99, 1, 3], count: 2) == SymmetricEigen([2, 1, 1, 3], count: 2))
  }

  @Test func refusesWhatIsNotFinite() {
    #expect(SymmetricEigen([1, .nan, .nan, 1], count: 2) == nil)
    #expect(SymmetricEigen([.infinity], count: 1) == nil)
    #expect(SymmetricEigen([], count: 0)?.values == [])
  }
}
