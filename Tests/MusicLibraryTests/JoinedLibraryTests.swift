import AudioFeatures
import Catalogue
import Foundation
import MusicLibrary
import NearestNeighbors
import Reproducibility
import SearchSpaces
import SongModels
import TestSupport
import Testing

/// A model that is joined of others, in a library and in its space.
@Suite struct JoinedLibraryTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue
  private let network: EmbeddingModel
  private let model: EmbeddingModel

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
    network = try UntrainedModel.make(seed: 1)
    model = .joined(try JoinedModel([.init(.learnedDescriptor(.standard), weight: 2), .init(network, weight: 0.5)]))
  }

  private func path(_ number: Int) -> String { folder("music/\(number).wav") }

  private func index() throws -> Recommender {
    for number in 0..<8 {
      try TestTexture(timbre: UInt64(number % 4), rate: 1.5 + Double(number)).write(to: path(number))
    }
    try catalogue.adopt(model)
    // As the next start finds it.
    let stored = try ModelChoice(named: nil, catalogue: catalogue).model
    #expect(stored.spaceIdentifier == model.spaceIdentifier && stored.name == model.name)
    _ = try Indexer(catalogue: catalogue, model: stored, threads: 2).index([folder("music")])
    return try Recommender(catalogue: catalogue, model: stored)
  }

  private static func cosine(_ one: some Collection<Float>, _ other: some Collection<Float>) -> Double {
    func product(_ one: some Collection<Float>, _ other: some Collection<Float>) -> Double {
      zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return product(one, other) / (product(one, one) * product(other, other)).squareRoot()
  }

  /// The cosine of the whole is the weighted mean of the cosines that the parts have in their own spaces.
  @Test func theCosineIsTheWeightedMeanOfThePartsCosines() throws {
    var generator = SeededGenerator(seed: 3)
    let models: [(EmbeddingModel, Double)] = [(.standard, 2), (.mfccStandardised, 0.7), (network, 0.5)]
    let joined = EmbeddingModel.joined(try JoinedModel(models.map { .init($0.0, weight: $0.1) }))
    let count = 600  // more than are transformed at a time
    let parts = models.map { model, _ in
      (0..<count * model.dimension).map { _ in Float(generator.uniform()) * 3 - 1 }
    }
    let whole = (0..<count).flatMap { row in
      zip(models, parts).flatMap { $1[row * $0.0.dimension..<(row + 1) * $0.0.dimension] }
    }
    let vectors = try VectorSpace(model: joined, fitting: whole, count: count).applied(to: whole)
    let own = try zip(models, parts).map { model, values in
      try VectorSpace(model: model.0, fitting: values, count: count).applied(to: values)
    }
    func rows(_ values: [Float], _ dimension: Int, _ row: Int) -> ArraySlice<Float> {
      values[row * dimension..<(row + 1) * dimension]
    }
    for (one, other) in [(0, 1), (255, 256), (599, 13)] {
      let found = Self.cosine(rows(vectors, joined.dimension, one), rows(vectors, joined.dimension, other))
      let expected = zip(models, own).reduce(0.0) { sum, part in
        let dimension = part.0.0.dimension
        return sum + part.0.1 * Self.cosine(rows(part.1, dimension, one), rows(part.1, dimension, other))
      }
      #expect(abs(found - expected / 3.2) < 1e-5)
    }
  }

  @Test func aLibraryIsSearchedAndExplained() throws {
    let recommender = try index()
    let query = try recommender.query(named: path(1))
    let found = try recommender.similar(to: query, count: 7)
    #expect(found.first?.track.path == path(5))
    let explanation = try recommender.explanation(of: query, and: recommender.query(named: path(5)))
    #expect(explanation.similarity == found[0].similarity)
    #expect(explanation.aspects.map(\.aspect) == SoundAspect.allCases)
    let songs = try #require(try LibraryIndex(catalogue: catalogue, model: model)).songs
    let vectors = try songs.searchVectors()
    let tracks = try catalogue.tracks(ids: songs.index.ids)
    let rows = [1, 5].compactMap { number in songs.index.ids.firstIndex { tracks[$0]?.path == path(number) } }
    try #require(rows.count == 2)
    let (one, other) = (
      vectors[rows[0] * model.dimension..<(rows[0] + 1) * model.dimension],
      vectors[rows[1] * model.dimension..<(rows[1] + 1) * model.dimension]
    )
    let sum = explanation.aspects.reduce(0.0) { $0 + Double($1.contribution) }
    #expect(abs(sum - Self.cosine(one, other)) < 1e-5)
    // The character is what the network says, and all else what the descriptor says.
    let character = zip(one, other).dropFirst(SongDescriptor.count).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let contribution = try #require(explanation.aspects.last).contribution
    #expect(abs(Double(contribution) - character) < 1e-5)
  }

  @Test func aspectsAreWeighed() throws {
    let recommender = try index()
    func songs(_ weights: [SoundAspect: Float]?) throws -> [Recommendation] {
      try recommender.playlist(
        PlaylistRequest(
          like: [Seed.Name(path(0))], length: .songs(7), weights: weights.flatMap { SoundWeights($0) })
      ).songs
    }
    // Of the length √2 the descriptor's aspects have 1 : 0.08 : 0.04, and the network has √0.5.
    #expect(try songs([.timbre: 1, .spectrum: 0.08, .rhythm: 0.04, .character: 1.12 * 0.5 / 2]) == songs(nil))
    #expect(try songs([.character: 3]) != songs(nil))
    // What only the network hears, and what it has no say in.
    let only = try songs([.timbre: 0, .spectrum: 0, .rhythm: 0])
    #expect(try only != songs(nil) && only.count == 7)
    let songIndex = try #require(try LibraryIndex(catalogue: catalogue, model: model)).songs
    let weights = try #require(SoundWeights([.timbre: 0, .spectrum: 0, .rhythm: 0]))
    let id = try #require(try recommender.query(named: path(0)).id)
    let row = try #require(songIndex.index.ids.firstIndex(of: id))
    let weighted = try songIndex.weighted(by: weights)
    let vectors = try songIndex.searchVectors()
    func network(_ row: Int) -> ArraySlice<Float> {
      vectors[row * model.dimension + SongDescriptor.count..<(row + 1) * model.dimension]
    }
    // As in a collection of the network's vectors alone, hubs taken out.
    let prior = try #require(model.refinement?.similarityPrior)
    let own = try PackedVectors((0..<8).flatMap(network), dimension: model.dimension - SongDescriptor.count)
    let correction = MutualProximityCorrection(of: own, prior: prior)
    func similarity(_ other: Int) -> Float {
      let cosine = Float(Self.cosine(network(row), network(other)))
      return correction.similarity(cosine, correction.statistics[row], correction.statistics[other])
    }
    let best = try #require((0..<8).filter { $0 != row }.map(similarity).max())
    let point = try weighted.point(of: .row(row))
    let nearest = try #require(try weighted.rows(near: [point], count: 1) { $0 != row }[0].first)
    // An untrained network's vectors are nearly alike.
    #expect(abs(similarity(nearest) - best) < 1e-3)
  }
}
