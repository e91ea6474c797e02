import NearestNeighbors
import Testing

@Suite struct CopiesTests {
  @Test func vectorsThatAreEqualBitByBitAreCopies() {
    let vectors: [Float] = [1, 2, 3, 4, 1, 2, 0, 0, -0.0, 0, 3, 4, 1, 2]
    let copies = Copies(among: vectors, dimension: 2)
    #expect(copies.distinctRows == [0, 1, 3, 4])
    #expect((0..<7).map(copies.isFirst) == [true, true, false, true, true, false, false])
    #expect(copies.row(of: [3, 4]) == 1 && copies.row(of: [4, 3]) == nil)
    #expect(Copies(marks: copies.marks) == copies)
    #expect(Copies(among: [], dimension: 2).distinctRows.isEmpty)
    #expect(Copies(noneAmong: 3).distinctRows == [0, 1, 2])
  }

  /// Neither the order of the rows nor copies change it, and it is spread over all rows.
  @Test(arguments: [1, 20, 500, 999, 2000, 3000])
  func aSampleIsThatOfTheDistinctVectors(size: Int) {
    let values = randomVectors(count: 2000, dimension: 3, seed: 2)
    func rows(_ values: [Float]) -> [[Float]] {
      stride(from: 0, to: values.count, by: 3).map { Array(values[$0..<$0 + 3]) }
    }
    func sampled(_ rows: [[Float]]) -> [[Float]] {
      Copies(among: Array(rows.joined()), dimension: 3).sample(size).map { rows[$0] }
    }
    let own = rows(values)
    let plain = sampled(own)
    #expect(plain.count == min(size, 2000) && Set(plain).count == plain.count)
    let reversed = Array(own.reversed())
    #expect(sampled(reversed) == plain)
    let withCopies: [[Float]] = [reversed[..<500], own[...], reversed[...]].flatMap { $0 }
    #expect(sampled(withCopies) == plain)
    for copies in [Copies(among: values, dimension: 3), Copies(noneAmong: 2000)] where size >= 500 {
      let sample = copies.sample(size)
      let share = Double(sample.count { $0 < 1000 }) / Double(sample.count)
      #expect(abs(share - 0.5) < 0.06)
    }
  }

  @Test func aStandardisationCountsCopiesOnce() throws {
    let values = randomVectors(count: 30, dimension: 5, seed: 1)
    let plain = try Standardisation(
      fitting: values, count: 30, dimension: 5, copies: Copies(among: values, dimension: 5))
    let (one, other) = (values[5..<10], values[10..<15])
    for parts in [[values[...], other, other], [other, values[...], one]] {
      let more = parts.flatMap { $0 }
      let copies = Copies(among: more, dimension: 5)
      #expect(try Standardisation(fitting: more, count: 32, dimension: 5, copies: copies) == plain)
      #expect(try Standardisation(fitting: more, count: 32, dimension: 5) != plain)
    }
  }

  /// Copies move alike, and nobody moves elsewhere on their account.
  @Test(arguments: [1, 5, 60])
  func copiesMoveAsTheirOriginal(count: Int) throws {
    let prior = MutualProximityCorrection.Prior(typical: .init(mean: 0.05, deviation: 0.2), weight: 3)
    let augmentation = NeighborAugmentation(neighborCount: 4, weight: 0.6)
    let values = randomVectors(count: 100, dimension: 20, seed: 9).map { $0 + 0.2 }
    let more = values + (0..<count).flatMap { _ in values[60..<80] }
    func moved(_ values: [Float]) throws -> (moved: [Float], asked: [Float]) {
      let vectors = try PackedVectors(values, dimension: 20)
      let copies = Copies(among: values, dimension: 20)
      let correction = MutualProximityCorrection(of: vectors, copies: copies, prior: prior)
      let near = zip(values[60..<80], randomVectors(count: 1, dimension: 20, seed: 3)).map { $0 + 0.3 * $1 }
      return (
        try augmentation.applied(to: vectors, correctedBy: correction),
        augmentation.applied(to: near, in: vectors, correctedBy: correction, excluding: nil)
      )
    }
    let (plain, found) = (try moved(values), try moved(more))
    #expect(found.moved.prefix(2000) == plain.moved[...] && found.asked == plain.asked)
    for copy in 0..<count { #expect(found.moved[2000 + 20 * copy..<2020 + 20 * copy] == plain.moved[60..<80]) }
  }
}
