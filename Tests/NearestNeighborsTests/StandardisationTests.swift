import Foundation
import NearestNeighbors
import Testing

@Suite struct StandardisationTests {
  @Test(arguments: [2, 3, 10, 101], [1, 2, 17, 140])
  func isTheDefinition(count: Int, dimension: Int) throws {
    var vectors = randomVectors(count: count, dimension: dimension, seed: 8)
    for place in vectors.indices {
      // Dimensions of very different units, as MFCC statistics have.
      vectors[place] = vectors[place] * Float(place % dimension + 1) * 100 - 400
    }
    let standardisation = try Standardisation(fitting: vectors, count: count, dimension: dimension)
    let standardised = standardisation.applied(to: vectors)
    for place in 0..<dimension {
      let column = (0..<count).map { Double(vectors[$0 * dimension + place]) }
      let mean = column.reduce(0, +) / Double(count)
      let deviation = (column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)).squareRoot()
      for row in 0..<count {
        let expected = (column[row] - mean) / deviation
        #expect(abs(Double(standardised[row * dimension + place]) - expected) < 1e-6 * max(1, abs(expected)))
      }
    }
  }

  @Test(arguments: [1, 2, 30])
  func pooledIsThatOfBothCollections(count: Int) throws {
    let (dimension, otherCount) = (5, 12)
    let vectors = randomVectors(count: count, dimension: dimension, seed: 1)
    let others = randomVectors(count: otherCount, dimension: dimension, seed: 2).map { 3 * $0 + 1 }
    let one = try Standardisation(fitting: vectors, count: count, dimension: dimension)
    let other = try Standardisation(fitting: others, count: otherCount, dimension: dimension)
    let pooled = one.pooled(count: Double(count), with: other, count: Double(otherCount))
    let both = try Standardisation(fitting: vectors + others, count: count + otherCount, dimension: dimension)
    for place in 0..<dimension {
      #expect(abs(pooled.means[place] - both.means[place]) < 1e-9)
      #expect(abs(pooled.scales[place] / both.scales[place] - 1) < 1e-9)
    }
    let constant = try Standardisation(fitting: [3, 4, 3, 4], count: 2, dimension: 2)
    #expect(constant.pooled(count: 2, with: constant, count: 3) == constant)
  }

  @Test(arguments: [Float(0), 0.1, -1234.567, 1e30])
  func constantDimensionsBecomeZero(value: Float) throws {
    // 0.1 cannot be summed without rounding, so its mean over 1000 rows need not be 0.1.
    let vectors = (0..<1000).flatMap { [value, Float($0)] }
    let standardisation = try Standardisation(fitting: vectors, count: 1000, dimension: 2)
    #expect(standardisation.scales[0] == 0)
    let standardised = standardisation.applied(to: vectors)
    #expect((0..<1000).allSatisfy { standardised[2 * $0] == 0 && standardised[2 * $0 + 1].isFinite })
    #expect(standardisation.applied(to: [value + 1, 0])[0] == 0)
  }

  @Test func collectionsOfOneOrNoneAreConstant() throws {
    let one = try Standardisation(fitting: [3, 4], count: 1, dimension: 2)
    #expect(one.applied(to: [3, 5]) == [0, 0])
    let none = try Standardisation(fitting: [], count: 0, dimension: 2)
    #expect(none.dimension == 2)
    #expect(none.applied(to: [3, 5]) == [0, 0])
  }

  @Test func extremeValuesStayFinite() throws {
    let large = Float.greatestFiniteMagnitude
    let small = Float.leastNonzeroMagnitude
    let vectors = [large, 0, -large, small]
    let standardised = try Standardisation(fitting: vectors, count: 2, dimension: 2).applied(to: vectors)
    #expect(standardised == [1, -1, -1, 1])
  }

  @Test func valuesThatAreNotFiniteAreRefused() {
    #expect(throws: NearestNeighborsError.self) {
      try Standardisation(fitting: [1, .nan], count: 1, dimension: 2)
    }
  }

  @Test func isStoredAndReadAgain() throws {
    let vectors = randomVectors(count: 9, dimension: 4, seed: 2)
    let standardisation = try Standardisation(fitting: vectors, count: 9, dimension: 4)
    let data = try JSONEncoder().encode(standardisation)
    #expect(try JSONDecoder().decode(Standardisation.self, from: data) == standardisation)
  }

  @Test(arguments: [#"{"means":[1],"scales":[]}"#, #"{"means":[],"scales":[]}"#, #"{"means":[1]}"#])
  func malformedStatisticsAreRefused(json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Standardisation.self, from: Data(json.utf8)) }
  }
}
