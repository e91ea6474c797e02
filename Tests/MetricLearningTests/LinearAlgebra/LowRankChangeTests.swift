import MetricLearning
import Reproducibility
import Testing

/// What `Tests/Goldens/spaces.py` computed with NumPy, SciPy and scikit-learn.
private struct SpaceGoldens: Decodable {
  struct Regression: Decodable {
    let height, dimension: Int
    let strength: Double
    let rows: [Float]
    let targets: [[Double]]
    let weights: [Double]
  }

  struct Principal: Decodable {
    let height, dimension, count: Int
    let rows: [Float]
    let values, vectors: [Double]
  }

  struct Composed: Decodable {
    let dimension: Int
    let first, firstGains, second, secondGains: [Float]
    let root: [Double]
  }

  let ridge: [Regression]
  let principal: [Principal]
  let composed: [Composed]

  static func load() throws -> SpaceGoldens { try Golden.load(SpaceGoldens.self, from: "spaces.json") }
}

@Suite struct LowRankChangeTests {
  private static func identity(_ dimension: Int) -> [Float] {
    (0..<dimension * dimension).map { $0 % (dimension + 1) == 0 ? 1 : 0 }
  }

  @Test func isItsDefinition() {
    var generator = SeededGenerator(seed: 2)
    let (dimension, count, rows) = (11, 3, 300)
    let directions = (0..<count * dimension).map { _ in Float(generator.normal()) / 4 }
    let gains: [Float] = [0.5, -0.9, 2]
    let vectors = (0..<rows * dimension).map { _ in Float(generator.normal()) }
    var changed = vectors
    LowRankChange(dimension: dimension, directions: directions, gains: gains).apply(to: &changed)
    for row in 0..<rows {
      let x = vectors[row * dimension..<(row + 1) * dimension].map(Double.init)
      var expected = x
      for place in 0..<count {
        let u = directions[place * dimension..<(place + 1) * dimension].map(Double.init)
        let along = zip(u, x).reduce(0) { $0 + $1.0 * $1.1 } * Double(gains[place])
        for column in 0..<dimension { expected[column] += along * u[column] }
      }
      #expect(relativeError(changed[row * dimension..<(row + 1) * dimension].map(Double.init), expected) < 1e-5)
    }
    var same = vectors
    LowRankChange(dimension: dimension, directions: [], gains: []).apply(to: &same)
    #expect(same == vectors)
  }

  @Test func composesAsSciPysRoot() throws {
    for golden in try SpaceGoldens.load().composed {
      let dimension = golden.dimension
      let first = LowRankChange(dimension: dimension, directions: golden.first, gains: golden.firstGains)
      let second = LowRankChange(dimension: dimension, directions: golden.second, gains: golden.secondGains)
      let both = LowRankChange(composing: first, then: second, count: dimension)
      var matrix = Self.identity(dimension)
      both.apply(to: &matrix)
      #expect(relativeError(matrix.map(Double.init), golden.root) < 1e-4)
      // Fewer directions: those that change most.
      let leading = LowRankChange(composing: first, then: second, count: 2)
      #expect(leading.gains == Array(both.gains.prefix(2)))
      #expect(zip(both.gains, both.gains.dropFirst()).allSatisfy { abs($0) >= abs($1) })
    }
  }

  @Test func composesWhatSharesDirections() {
    let directions: [Float] = [1, 0, 0, 0, 1, 0]
    let change = LowRankChange(dimension: 3, directions: directions, gains: [1, -0.5])
    let both = LowRankChange(composing: change, then: change, count: 6)
    var matrix = Self.identity(3)
    both.apply(to: &matrix)
    #expect(relativeError(matrix.map(Double.init), [4, 0, 0, 0, 0.25, 0, 0, 0, 1]) < 1e-5)
    let nothing = LowRankChange(dimension: 3, directions: [], gains: [])
    #expect(LowRankChange(composing: nothing, then: nothing, count: 4).count == 0)
  }
}

@Suite struct RidgeRegressionTests {
  @Test func isScikitLearns() throws {
    for golden in try SpaceGoldens.load().ridge {
      let fitted = RidgeRegression(
        golden.rows, dimension: golden.dimension, targets: golden.targets, strength: golden.strength)
      #expect(relativeError(fitted.weights.map(Double.init), golden.weights) < 1e-4)
    }
  }

  @Test func rowsThatAreAllTheSameTellNothing() {
    let fitted = RidgeRegression([1, 2, 1, 2, 1, 2], dimension: 2, targets: [[1, 0, 1]], strength: 1)
    #expect(fitted.weights == [0, 0])
  }
}

@Suite struct PrincipalDirectionsTests {
  @Test func areNumPysSingularVectors() throws {
    for golden in try SpaceGoldens.load().principal {
      let found = PrincipalDirections(of: golden.rows, dimension: golden.dimension, count: golden.count)
      #expect(found.count == golden.count)
      #expect(relativeError(found.values, golden.values) < 1e-4)
      for place in 0..<golden.count {
        let range = place * golden.dimension..<(place + 1) * golden.dimension
        let product = zip(found.vectors[range], golden.vectors[range]).reduce(0) { $0 + Double($1.0) * $1.1 }
        #expect(abs(abs(product) - 1) < 1e-3, "direction \(place)")
      }
    }
  }

  @Test func fewOfManyAreFound() throws {
    var generator = SeededGenerator(seed: 4)
    let (height, dimension) = (120, 90)
    let rows = (0..<height * dimension).map { Float(generator.normal()) * 3 / Float(1 + $0 % dimension) }
    let found = PrincipalDirections(of: rows, dimension: dimension, count: 6)
    var scatter = Scatter(dimension: dimension)
    scatter.add(deviations: rows)
    let eigen = try #require(SymmetricEigen(scatter.values, count: dimension))
    #expect(relativeError(found.values, eigen.values.prefix(6)) < 1e-3)
  }

  @Test func noScatterHasNoDirection() {
    #expect(PrincipalDirections(of: [0, 0, 0, 0], dimension: 2, count: 2).count == 0)
    #expect(PrincipalDirections(of: [], dimension: 2, count: 2).count == 0)
  }
}
