import AudioFeatures
import Catalogue
import Foundation
import GRDB
import MusicLibrary
import NearestNeighbors
import Reproducibility
import SearchSpaces
import SongModels
import TestSupport
import Testing

/// What two songs share, and what counts.
@Suite struct ExplanationTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
  }

  private static let (timbres, rates) = ([UInt64(0), 1, 2, 3, 4], [1.5, 2.4, 3.6, 7.5])

  private func path(_ timbre: Int, _ rate: Int) -> String { folder("music/\(timbre)-\(rate).wav") }

  /// Songs of every timbre in every rhythm.
  private func recommender(_ model: EmbeddingModel = .learnedDescriptor(.standard)) throws -> Recommender {
    for (timbre, seed) in Self.timbres.enumerated() {
      for (place, rate) in Self.rates.enumerated() {
        try TestTexture(timbre: seed, rate: rate).write(to: path(timbre, place))
      }
    }
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([folder("music")])
    return try Recommender(catalogue: catalogue, model: model)
  }

  /// The songs as they are searched, and their paths in the order of the rows.
  private func songs(_ model: EmbeddingModel = .learnedDescriptor(.standard)) throws -> (
    index: SongIndex<TrackID>, paths: [String]
  ) {
    let songs = try #require(try LibraryIndex(catalogue: catalogue, model: model)).songs
    let tracks = try catalogue.tracks(ids: songs.index.ids)
    return (songs, songs.index.ids.compactMap { tracks[$0]?.path })
  }

  @Test(arguments: [EmbeddingModel.standard, .descriptor, .mfcc])
  func saysWhatASearchSays(model: EmbeddingModel) throws {
    let recommender = try recommender(model)
    let query = try recommender.query(named: path(1, 1))
    let found = try recommender.similar(to: query, count: 19)
    for (place, song) in found.enumerated() {
      let explanation = try recommender.explanation(of: query, and: recommender.query(of: song.track))
      #expect(explanation.similarity == song.similarity)
      #expect(explanation.rank == place + 1 && explanation.songCount == 19)
      #expect(explanation.aspects.map(\.aspect) == model.aspects.map(\.aspect))
      #expect(explanation.aspects.allSatisfy { (-1...1).contains($0.similarity) })
      #expect((explanation.summary == nil) == (model.name == "mfcc"))
    }
    let itself = try recommender.explanation(of: query, and: query)
    #expect(itself.similarity == 1 && itself.rank == 1 && itself.aspects.allSatisfy { $0.similarity == 1 })
  }

  @Test(arguments: [EmbeddingModel.standard, .descriptor])
  func aRhythmOrATimbreIsShared(model: EmbeddingModel) throws {
    let recommender = try recommender(model)
    func explanation(_ one: String, _ other: String) throws -> (values: [SoundAspect: Float], summary: String) {
      let (one, other) = (try recommender.query(named: one), try recommender.query(named: other))
      let explanation = try recommender.explanation(of: one, and: other)
      let values = Dictionary(uniqueKeysWithValues: explanation.aspects.map { ($0.aspect, $0.similarity) })
      return (values, try #require(explanation.summary))
    }
    /// What the words say is shared, and what they say is not.
    func said(_ summary: String) -> (alike: Substring, other: Substring) {
      let parts = summary.split(separator: #/, (less|unlike) in /#, maxSplits: 1)
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
    for (timbre, other, rate, otherRate) in [(2, 4, 1, 3), (0, 3, 2, 0), (1, 4, 0, 3)] {
      let rhythm = try explanation(path(timbre, rate), path(other, rate))
      #expect(try #require(rhythm.values[.rhythm]) >= 0.5 && #require(rhythm.values[.timbre]) < 0.15, "\(rhythm)")
      var words = said(rhythm.summary)
      #expect(words.alike.hasPrefix("very alike in ") && words.alike.contains("rhythm"), "\(rhythm.summary)")
      #expect(!words.alike.contains("timbre") && words.other.contains("timbre"), "\(rhythm.summary)")
      let colour = try explanation(path(timbre, rate), path(timbre, otherRate))
      #expect(try #require(colour.values[.timbre]) >= 0.4 && #require(colour.values[.rhythm]) < 0.15, "\(colour)")
      words = said(colour.summary)
      #expect(words.alike.contains("alike in ") && words.alike.contains("timbre"), "\(colour.summary)")
      #expect(!words.alike.contains("rhythm") && words.other.contains("rhythm"), "\(colour.summary)")
    }
  }

  /// Each number is the cosine of the aspect's values, where 0 is the median of all pairs of songs.
  @Test func numbersAreThoseOfPlainLoops() throws {
    let recommender = try recommender()
    let (songs, paths) = try songs()
    let count = SongDescriptor.count
    let vectors = try songs.searchVectors().map(Double.init)
    func product(_ one: Int, _ other: Int, _ range: Range<Int>) -> Double {
      range.reduce(0) { $0 + vectors[one * count + $1] * vectors[other * count + $1] }
    }
    func cosine(_ one: Int, _ other: Int, _ range: Range<Int>) -> Double {
      product(one, other, range) / (product(one, one, range) * product(other, other, range)).squareRoot()
    }
    for (one, other) in [(0, 1), (3, 11), (7, 19)] {
      let explanation = try recommender.explanation(
        of: recommender.query(named: paths[one]), and: recommender.query(named: paths[other]))
      for aspect in explanation.aspects {
        let range = aspect.aspect.range
        var all: [Double] = []
        for row in paths.indices { all += paths.indices.filter { $0 > row }.map { cosine(row, $0, range) } }
        let typical = all.sorted()[all.count / 2]
        let share = (cosine(one, other, range) - typical) / (1 - typical)
        #expect(abs(Double(aspect.similarity) - (share < 0 ? share / (1 - share) : share)) < 1e-4)
        #expect(abs(Double(aspect.contribution) - product(one, other, range)) < 1e-5)
      }
    }
  }

  @Test func filesAndCopiesAreExplained() throws {
    let recommender = try recommender()
    func values(_ one: String, _ other: String) throws -> [Float] {
      let (one, other) = (try recommender.query(named: one), try recommender.query(named: other))
      return try recommender.explanation(of: one, and: other).aspects.map(\.similarity)
    }
    try FileManager.default.copyItem(atPath: path(2, 0), toPath: folder("copy.wav"))
    #expect(try values(folder("copy.wav"), path(2, 2)) == values(path(2, 0), path(2, 2)))
    #expect(try values(folder("copy.wav"), path(2, 0)) == [1, 1, 1])
    // Two files that are not in the library.
    try TestTexture(timbre: 9, rate: 2).write(to: folder("one.wav"))
    try TestTexture(timbre: 9, rate: 2.02).write(to: folder("other.wav"))
    let (one, other) = (
      try recommender.query(named: folder("one.wav")), try recommender.query(named: folder("other.wav"))
    )
    let (there, back) = (
      try recommender.explanation(of: one, and: other), try recommender.explanation(of: other, and: one)
    )
    #expect(there.similarity == back.similarity && there.similarity > 0.5 && there.rank == 1 && there.songCount == 21)
  }

  // MARK: - Weights

  /// Weighted vectors that are made anew, their cosines in plain loops, and the correction for hubs of their collection.
  @Test(arguments: [
    [SoundAspect.timbre: Float(0), .spectrum: 0, .rhythm: 1], [.timbre: 1, .rhythm: 0.5], [.spectrum: 3],
  ])
  func aWeightedRankingIsThatOfWeightedVectors(values: [SoundAspect: Float]) throws {
    let recommender = try recommender()
    let weights = try #require(SoundWeights(values))
    let (songs, paths) = try songs()
    var vectors = try songs.searchVectors()
    weights.apply(to: &vectors)
    let prior = try #require(EmbeddingModel.standard.refinement?.similarityPrior)
    let correction = MutualProximityCorrection(
      of: try PackedVectors(vectors, dimension: SongDescriptor.count), prior: prior)
    func cosine(_ one: Int, _ other: Int) -> Float {
      var (product, square, otherSquare) = (0.0, 0.0, 0.0)
      for index in 0..<SongDescriptor.count {
        let (x, y) = (vectors[one * SongDescriptor.count + index], vectors[other * SongDescriptor.count + index])
        product += Double(x) * Double(y)
        square += Double(x) * Double(x)
        otherSquare += Double(y) * Double(y)
      }
      return Float(product / (square * otherSquare).squareRoot())
    }
    for asked in [0, 6, 13] {
      var request = PlaylistRequest(like: [Seed.Name(paths[asked])], length: .songs(19))
      request.weights = weights
      let found = try recommender.playlist(request).songs
      let expected = paths.indices.filter { $0 != asked }.map { row in
        let (one, other) = (correction.statistics[asked], correction.statistics[row])
        return (path: paths[row], similarity: correction.similarity(cosine(asked, row), one, other))
      }.sorted { $0.similarity > $1.similarity }
      #expect(found.map(\.track.path) == expected.map(\.path))
      for (one, other) in zip(found, expected) { #expect(abs(one.similarity - other.similarity) < 1e-3) }
    }
  }

  /// A search by codes with a factor for each row finds what plain loops find.
  @Test func weightedSearchMissesNothing() throws {
    var generator = SeededGenerator(seed: 4)
    let count = 700
    // Aspects of songs are of different lengths, so that factors are.
    var embeddings: [Float] = []
    for _ in 0..<count {
      let shared = Float(generator.uniform()) * 3
      embeddings += (0..<SongDescriptor.count).map { $0 % 3 == 0 ? shared : Float(generator.uniform()) * 4 - 2 }
    }
    let songs = try SongIndex(model: .descriptor, ids: Array(0..<count), embeddings: embeddings)
    let vectors = try songs.searchVectors()
    for values in [[SoundAspect.timbre: Float(0), .spectrum: 0, .rhythm: 1], [.timbre: 1, .spectrum: 2]] {
      let weights = try #require(SoundWeights(values))
      let weighted = try songs.weighted(by: weights)
      var scaled = vectors
      weights.apply(to: &scaled)
      let expected = try CosineIndex(ids: Array(0..<count), dimension: SongDescriptor.count, vectors: scaled)
      for row in [0, 350, 699] {
        let query = Array(scaled[row * SongDescriptor.count..<(row + 1) * SongDescriptor.count])
        let point = try weighted.point(of: .row(row))
        let found = try weighted.rows(near: [point], count: 25) { $0.isMultiple(of: 2) && $0 != row }[0]
        let wanted = try expected.nearest(to: query, count: 25) { $0.isMultiple(of: 2) && $0 != row }
        let similarities = try expected.similarities(to: query)
        // Rounding may swap what is equal.
        for (one, other) in zip(found, wanted) { #expect(abs(similarities[one] - other.similarity) < 1e-5) }
        #expect(Set(found).count == 25)
      }
    }
  }

  @Test func theSameSoundIsOneWhateverCounts() throws {
    let recommender = try recommender()
    func nearest(_ weights: SoundWeights?, _ name: String) throws -> [Recommendation] {
      var request = PlaylistRequest(like: [Seed.Name(name)], length: .songs(3))
      request.weights = weights
      return try recommender.playlist(request).songs
    }
    let rhythm = try #require(SoundWeights([.timbre: 0, .spectrum: 0, .rhythm: 1]))
    let timbre = try #require(SoundWeights([.timbre: 1, .spectrum: 0, .rhythm: 0]))
    // What is asked for is what is shared.
    #expect(try nearest(rhythm, path(2, 0)).allSatisfy { $0.track.path.hasSuffix("-0.wav") })
    #expect(try nearest(timbre, path(2, 0)).allSatisfy { $0.track.path.hasPrefix(folder("music/2-")) })
    let (standard, usual) = (try nearest(SoundWeights([:]), path(2, 0)), try nearest(nil, path(2, 0)))
    #expect(standard == usual)

    try FileManager.default.copyItem(atPath: path(2, 0), toPath: folder("copy.wav"))
    var request = PlaylistRequest(like: [Seed.Name(folder("copy.wav"))], length: .songs(1), includesSeeds: true)
    request.weights = rhythm
    let copy = try #require(try recommender.playlist(request).songs.first)
    #expect(copy.similarity == 1 && copy.track.path == path(2, 0))
    let there = try #require(try nearest(rhythm, path(2, 0)).first)
    let back = try #require(try nearest(rhythm, there.track.path).first { $0.track.path == path(2, 0) })
    #expect(abs(back.similarity - there.similarity) < 1e-5)

    // Paths and artists know weights, too.
    request = PlaylistRequest(stations: [Seed.Name(path(2, 0)), Seed.Name(path(2, 3))], length: .songs(4))
    request.weights = timbre
    #expect(try recommender.playlist(request).songs.allSatisfy { $0.track.path.hasPrefix(folder("music/2-")) })
  }

  @Test(arguments: [[1, 0.08, 0.04], [2, 0.16, 0.08]] as [[Float]])
  func theStandardWeightsAnswerAsNone(values: [Float]) throws {
    let recommender = try recommender()
    func songs(_ weights: SoundWeights?) throws -> [Recommendation] {
      try recommender.playlist(PlaylistRequest(like: [Seed.Name(path(0, 0))], length: .songs(5), weights: weights))
        .songs
    }
    let weights = SoundWeights([.timbre: values[0], .spectrum: values[1], .rhythm: values[2]])
    #expect(try songs(weights) == songs(nil))
    #expect(try songs(SoundWeights([.rhythm: 0.05])) != songs(nil))
  }

  @Test func aRequestWithoutWeightsIsRead() throws {
    let request = PlaylistRequest(like: [Seed.Name("a")], weights: SoundWeights([.rhythm: 2]))
    // A request without weights, as older versions stored it.
    var stored = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(request)) as? [String: Any])
    #expect(stored.removeValue(forKey: "weights") != nil)
    let old = try JSONDecoder().decode(PlaylistRequest.self, from: JSONSerialization.data(withJSONObject: stored))
    #expect(old.weights == nil && old.like == request.like)
  }

  // MARK: - Measures

  @Test(arguments: [EmbeddingModel.standard, .mfcc])
  func whatIsHeardIsMeasured(model: EmbeddingModel) throws {
    let recommender = try recommender(model)
    let id = try #require(try recommender.query(named: path(1, 1)).id)
    let measures = try #require(try catalogue.measures(of: id))
    let samples = TestTexture(timbre: 1, rate: 2.4).samples
    let expected = try SoundMeter().measures(of: samples)
    #expect(measures.version == SoundMeter.version)
    let (loudness, brightness) = (try #require(measures.loudness), try #require(measures.brightness))
    #expect(try abs(loudness - #require(expected.loudness)) < 0.02)
    #expect(try abs(brightness - #require(expected.brightness)) < 0.02 * brightness)
    var request = PlaylistRequest(like: [Seed.Name(path(0, 0))], length: .songs(30))
    request.filter = TrackFilter(only: [.loudness(loudness...loudness)])
    let only = try recommender.playlist(request)
    #expect(only.songs.map(\.track.id).contains(id) && only.filtered.notMeasured == 0)
    request.filter = TrackFilter(not: [.loudness(loudness...loudness)])
    let others = try recommender.playlist(request).songs.map(\.track.id)
    #expect(!others.contains(id) && !others.isEmpty)
  }

  @Test func whatAnEarlierVersionHeardIsMeasuredInOnePass() throws {
    var recommender = try recommender(.descriptor)
    func ids() throws -> [TrackID] {
      try catalogue.tracks(where: .folder(folder("music"))).sorted { $0.rawValue < $1.rawValue }
    }
    let (all, known) = (try ids(), try ids().map(catalogue.measures(of:)))
    #expect(known.allSatisfy { $0 != nil })
    try DatabaseQueue(path: catalogue.path).write { db in
      try db.execute(
        sql: "DELETE FROM trackMeasure WHERE track <= 3; UPDATE trackMeasure SET version = 0 WHERE track = 4")
      try db.execute(sql: "DELETE FROM fingerprint WHERE track = 3 OR track = 5")
    }
    // Filters say that there are songs of which they know nothing.
    var request = PlaylistRequest(like: [Seed.Name(path(4, 0))])
    request.filter = TrackFilter(only: [.tempo(0...500)])
    #expect(try recommender.playlist(request).filtered.notMeasured == 3)
    request.filter = TrackFilter(not: [.loudness(-5...0)])
    #expect(try recommender.playlist(request).filtered.notMeasured == 3)
    request.filter = TrackFilter(only: [.years(1990...1999)])
    #expect(try recommender.playlist(request).filtered.notMeasured == 0)

    let before = try catalogue.fingerprints(of: [all[0]])
    let indexer = Indexer(catalogue: catalogue, model: .descriptor, threads: 2)
    let summary = try indexer.index([folder("music")])
    #expect(summary.heardAgain == 5 && summary.updated == 0 && summary.unchanged == 20)
    #expect(try ids().map(catalogue.measures(of:)) == known)
    #expect(try catalogue.fingerprints(of: all).count == 20 && catalogue.fingerprints(of: [all[0]]) == before)
    #expect(try indexer.index([folder("music")]).heardAgain == 0)
    recommender = try Recommender(catalogue: catalogue, model: .descriptor)
    request.filter = TrackFilter(only: [.tempo(0...500)])
    #expect(try recommender.playlist(request).filtered.notMeasured == 0)
  }

  @Test func aModelWithoutAspectsHasNoWeights() throws {
    let recommender = try recommender(.mfcc)
    var request = PlaylistRequest(like: [Seed.Name(path(0, 0))])
    request.weights = SoundWeights([.rhythm: 1])
    let error = #expect(throws: LibraryError.self) { try recommender.playlist(request) }
    #expect(error == .noAspects(model: "mfcc"))
    #expect(error?.description.contains("akin or descriptor") == true)
  }

  @Test func weightsMustFitTheModel() throws {
    let recommender = try recommender(.descriptor)
    var request = PlaylistRequest(like: [Seed.Name(path(0, 0))])
    request.weights = SoundWeights([.character: 1])
    var error = #expect(throws: LibraryError.self) { try recommender.playlist(request) }
    #expect(error == .noAspect(.character, model: "descriptor"))
    request.weights = SoundWeights([.timbre: 0, .spectrum: 0, .rhythm: 0])
    error = #expect(throws: LibraryError.self) { try recommender.playlist(request) }
    #expect(error == .noWeights(model: "descriptor"))
  }

  @Test(arguments: [
    ([Float(0.9), 0.6, 0.5], "very alike in timbre, spectrum and rhythm"),
    ([0.4, 0.3, 0.1], "alike in timbre and spectrum, less in rhythm"),
    ([0.6, 0.2, -0.4], "very alike in timbre, alike in spectrum, unlike in rhythm"),
    ([0.1, 0, -0.05], "as alike in timbre, spectrum and rhythm as two songs drawn at random"),
    ([-0.3, -0.2, -0.4], "unlike in timbre, spectrum and rhythm"),
  ])
  func words(similarities: [Float], text: String) {
    let aspects = zip(SoundAspect.ofDescriptor, similarities).map {
      SimilarityExplanation.Aspect(aspect: $0, similarity: $1, contribution: 0)
    }
    #expect(SimilarityExplanation(similarity: 0, rank: 1, songCount: 2, aspects: aspects).summary == text)
  }
}

extension SoundWeights {
  /// Scales search vectors, given row by row, so that their cosine is the mean of the aspects' own with these weights.
  fileprivate func apply(to vectors: inout [Float]) {
    for aspect in SoundAspect.ofDescriptor {
      let factor = ((self[aspect] ?? aspect.standardWeight) / aspect.standardWeight).squareRoot()
      for start in stride(from: 0, to: vectors.count, by: SongDescriptor.count) {
        for index in aspect.range { vectors[start + index] *= factor }
      }
    }
  }
}
