import MetricLearning
import Testing

/// Mutual proximity and CSLS.
@Suite struct NeighborhoodScalingTests {
  @Test func mutualProximityAgreesWithSciPy() throws {
    let golden = try ControlGoldens.load().scalings
    let vectors = EmbeddingMatrix(rows: golden.vectors)
    let distances = DistanceMatrix(
      count: vectors.count,
      values: (0..<vectors.count).flatMap { first in
        (0..<vectors.count).map { Float(ManhattanDistance()(vectors[first], vectors[$0])) }
      })
    #expect(relativeError(distances.values.map(Double.init), golden.manhattan.joined()) < 1e-7)
    let rescaled = MutualProximity().rescaled(distances)
    #expect(relativeError(rescaled.values.map(Double.init), golden.mutualProximity.joined()) < 1e-6)

    // A row at a time gives the same, for all but the song itself.
    let neighborhoods = MutualProximity().neighborhoods(of: distances)
    for query in 0..<vectors.count {
      var row = (0..<vectors.count).map { distances[query, $0] }
      MutualProximity().rescale(&row, query: neighborhoods[query], references: neighborhoods)
      for other in row.indices where other != query {
        #expect(abs(row[other] - rescaled[query, other]) < 1e-6)
      }
    }
  }

  @Test func aSampleOfSongsStandsForAll() {
    let values: [Float] = [0, 1, 2, 4, 1, 0, 3, 5, 2, 3, 0, 6, 4, 5, 6, 0]
    let neighborhoods = MutualProximity().neighborhoods(
      of: DistanceMatrix(count: 4, values: values), sample: [0, 2, 3])
    #expect(neighborhoods[0] == MutualProximity.Neighborhood(distances: [2, 4]))
    #expect(neighborhoods[1] == MutualProximity.Neighborhood(distances: [1, 3, 5]))
    #expect(neighborhoods[1] == MutualProximity.Neighborhood(mean: 3, standardDeviation: 2))
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

  @Test func similarityScalingAgreesWithNumPy() throws {
    let golden = try ControlGoldens.load().scalings
    let vectors = EmbeddingMatrix(rows: golden.vectors)
    let scaling = SimilarityScaling(neighborCount: golden.neighborCount)
    var row = [Float](repeating: 0, count: vectors.count)
    let densities = (0..<vectors.count).map { song in
      CosineSimilarity().write(from: vectors[song], to: vectors, into: &row)
      return scaling.density(of: row, itself: song)
    }
    #expect(relativeError(densities.map(Double.init), golden.density) < 1e-6)
    for query in 0..<vectors.count {
      CosineSimilarity().write(from: vectors[query], to: vectors, into: &row)
      scaling.rescale(&row, query: densities[query], references: densities)
      #expect(relativeError(row.map(Double.init), golden.scaled[query]) < 1e-6)
    }
  }

  @Test func densityOfFewOrNone() {
    let scaling = SimilarityScaling(neighborCount: 3)
    #expect(scaling.density(of: []) == 0)
    #expect(scaling.density(of: [1], itself: 0) == 0)
    #expect(scaling.density(of: [0.5, .nan, 0.25]) == 0.375)
    #expect(scaling.density(of: [0, 1, 0.5, 0.75, 0.75]) == 2.5 / 3)
  }
}
