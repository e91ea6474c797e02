import NearestNeighbors
import Testing

@Suite struct CosineScaleTests {
  /// In narrow cones, as networks make them, and all around.
  @Test(arguments: [0, 1, 10, 100] as [Float], [50, 500, 1200])
  func isOneForTheSameAndAboutZeroAtRandom(offset: Float, count: Int) throws {
    let values = randomVectors(count: count, dimension: 30, seed: 4).map { $0 + offset }
    let vectors = try PackedVectors(values, dimension: 30)
    let scale = CosineScale(of: vectors)
    let index = CosineIndex(ids: Array(0..<count), vectors: vectors)
    var similarities: [Float] = []
    for query in stride(from: 0, to: count, by: 10) {
      let cosines = try index.similarities(to: Array(values[query * 30..<(query + 1) * 30]))
      for row in cosines.indices {
        let similarity = scale.similarity(cosines[row])
        if row == query { #expect(similarity > 0.999) } else { similarities.append(similarity) }
      }
    }
    #expect(similarities.allSatisfy { (-1...1).contains($0) })
    #expect(abs(similarities.reduce(0, +) / Float(similarities.count)) < 0.1)
    #expect(abs(similarities.sorted()[similarities.count / 2]) < 0.05)
  }

  @Test(arguments: [-0.5, 0, 0.3, 0.995, 1] as [Float])
  func risesWithTheCosine(typical: Float) {
    let scale = CosineScale(typical: typical)
    #expect(scale.similarity(1) == 1)
    var last = -Float.infinity
    for step in -1000...1000 {
      let similarity = scale.similarity(Float(step) / 1000)
      #expect(similarity > last || (similarity == last && typical == 1))
      #expect((-1...1).contains(similarity))
      last = similarity
    }
    if typical < 1 { #expect(abs(scale.similarity(typical)) < 1e-6) }
  }

  @Test func copiesCountOnceAndFewVectorsKeepTheirCosine() throws {
    let values = randomVectors(count: 40, dimension: 8, seed: 6)
    let more = values + (0..<50).flatMap { _ in values[..<8] }
    let copies = Copies(among: more, dimension: 8)
    #expect(
      CosineScale(of: try PackedVectors(more, dimension: 8), copies: copies)
        == CosineScale(of: try PackedVectors(values, dimension: 8)))
    for few in [[], Array(values[..<8])] {
      #expect(CosineScale(of: try PackedVectors(few, dimension: 8)).similarity(0.4) == 0.4)
    }
  }
}
