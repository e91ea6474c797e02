import MetricLearning
import Testing

@Suite struct MutualProximityTests {
  @Test func agreesWithSciPy() throws {
    let golden = try ControlGoldens.load().proximities
    let vectors = EmbeddingMatrix(rows: golden.vectors)
    let distances = DistanceMatrix(
      count: vectors.count,
      values: (0..<vectors.count).flatMap { first in
        (0..<vectors.count).map { Float(ManhattanDistance()(vectors[first], vectors[$0])) }
      })
    #expect(relativeError(distances.values.map(Double.init), golden.manhattan.joined()) < 1e-7)
    let rescaled = MutualProximity().rescaled(distances)
    #expect(relativeError(rescaled.values.map(Double.init), golden.mutualProximity.joined()) < 1e-6)
  }

  @Test func aNeighborhoodHasTheMomentsOfItsDistances() {
    #expect(
      MutualProximity.Neighborhood(distances: [1, 3, 5])
        == MutualProximity.Neighborhood(mean: 3, standardDeviation: 2))
  }

  @Test func closeSongsStayApart() {
    let neighborhood = MutualProximity.Neighborhood(mean: 10, standardDeviation: 1)
    let near = MutualProximity()(1, neighborhood, neighborhood)
    let nearer = MutualProximity()(0.5, neighborhood, neighborhood)
    #expect(0 < nearer && nearer < near && near < 1e-15)
  }

  @Test func neighborhoodsWithoutSpreadAreDefined() {
    let none = MutualProximity.Neighborhood(distances: [Float]())
    #expect(none.mean == 0 && none.standardDeviation == 0)
    let flat = MutualProximity.Neighborhood(distances: [2, 2, .nan, .infinity])
    #expect(flat == MutualProximity.Neighborhood(mean: 2, standardDeviation: 0))
    #expect([1, 2, 3].map { MutualProximity()($0, flat, flat) } == [0, 0.75, 1])
    #expect(MutualProximity()(.nan, flat, flat).isNaN)
  }
}
