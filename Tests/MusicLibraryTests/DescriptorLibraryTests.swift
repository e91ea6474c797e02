import AudioFeatures
import Catalogue
import Datasets
import Evaluation
import Foundation
import MetricLearning
import MusicLibrary
import NearestNeighbors
import SearchSpaces
import SongModels
import TestSupport
import Testing

/// The model that answers without any training, from the files to the songs that it recommends.
@Suite struct DescriptorLibraryTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
  }

  private func recommender(of paths: [String]) throws -> Recommender {
    let model = EmbeddingModel.learnedDescriptor(.standard)
    let summary = try Indexer(catalogue: catalogue, model: model, threads: 2).index(paths)
    #expect(summary.skipped.isEmpty)
    return try Recommender(catalogue: catalogue, model: model)
  }

  private func embeddings(_ paths: [String]) throws -> [[Float]] {
    let embedder = try SongEmbedder(.descriptor)
    return try paths.map { try embedder.embed(file: $0).embedding }
  }

  @Test func storesWhatTheExtractorMakes() throws {
    let song = TestSong(kind: 1, variant: 2, seconds: 2)
    try song.write(to: folder("song.wav"))
    let recommender = try recommender(of: [folder("song.wav")])
    #expect(recommender.model.name == "descriptor-learned" && recommender.model.identifier == "descriptor-1")
    #expect(EmbeddingModel(builtIn: "Descriptor")?.name == "descriptor")
    let stored = try catalogue.embeddings(model: "descriptor-1")
    #expect(stored.dimension == 1703 && stored.dimension == recommender.model.dimension && stored.ids.count == 1)
    let expected = try SongDescriptorExtractor().descriptor(of: song.samples).values
    // The file holds 16 bits a sample.
    for (value, other) in zip(stored.values, expected) { #expect(abs(value - other) < 0.02 * max(1, abs(other))) }
  }

  @Test func findsTheSongsOfItsKind() throws {
    let paths = try TestSong.writeCollection(kinds: 3, variants: 4, in: folder("music"))
    let recommender = try recommender(of: [folder("music")])
    for (place, path) in paths.enumerated() {
      let query = try recommender.query(named: path)
      let found = try recommender.similar(to: query, count: 11)
      #expect(found.count == 11 && found.prefix(3).allSatisfy { $0.track.tags.artist == "Artist \(place / 4)" })
      #expect(found.allSatisfy { (-1...1).contains($0.similarity) })
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
    }
    try TestSong(kind: 1, variant: 9).write(to: folder("other/new.wav"))
    let query = try recommender.query(named: folder("other/new.wav"))
    #expect(query.id == nil)
    #expect(try recommender.similar(to: query, count: 4).allSatisfy { $0.track.tags.artist == "Artist 1" })
  }

  /// A song is like itself, less like one of its kind, and least like one of another kind, however few there are.
  @Test(arguments: [1, 2, 5])
  func fewSongsAreEnough(count: Int) throws {
    let paths = try (0..<count).map { index in
      let path = folder("music/\(index).wav")
      try TestSong(kind: index % 3, variant: index).write(to: path)
      return path
    }
    try TestSong(kind: 0, variant: 2).write(to: folder("alike.wav"))
    try TestSong(kind: 2, variant: 9).write(to: folder("unlike.wav"))
    let recommender = try recommender(of: [folder("music")])
    let embedder = try SongEmbedder(recommender.model)
    func similarity(_ path: String) throws -> Float {
      let query = Recommender.Query(embedding: try embedder.embed(file: path).embedding)
      let found = try recommender.similar(to: query, count: count)
      #expect(found.count == count && found.allSatisfy { $0.similarity.isFinite })
      return try #require(found.first { $0.track.path == paths[0] }).similarity
    }
    let (itself, alike, unlike) = try (
      similarity(paths[0]), similarity(folder("alike.wav")), similarity(folder("unlike.wav"))
    )
    #expect(itself == 1 && itself > alike && alike > unlike, "\(itself), \(alike), \(unlike)")
  }

  @Test func smallCollectionsLeanOnWhatIsTypical() throws {
    let paths = try TestSong.writeCollection(kinds: 5, variants: 20, in: folder("music"))
    let rows = try embeddings(paths)
    func space(_ count: Int) throws -> VectorSpace {
      try VectorSpace(model: .descriptor, fitting: rows.prefix(count).flatMap { $0 }, count: count)
    }
    let own = try Standardisation(fitting: rows.flatMap { $0 }, count: 100, dimension: 1703)
    let typical = try #require(try space(0).standardisation)
    #expect(typical.means.allSatisfy(\.isFinite) && typical.scales.allSatisfy { $0.isFinite && $0 > 0 })
    let distances = try [1, 5, 20, 100].map { count in
      let statistics = try #require(try space(count).standardisation)
      return zip(zip(statistics.means, own.means), typical.scales).reduce(0.0) { $0 + abs($1.0.0 - $1.0.1) * $1.1 }
    }
    #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 > $1 })
    // One song is no zero vector: it differs from what is typical.
    #expect(try space(1).applied(to: rows[0]).contains { abs($0) > 0.01 })
    #expect(VectorSpace(model: .descriptor, standardisation: nil) == nil)
    #expect(VectorSpace(model: .mfccStandardised, standardisation: own) == nil)
    #expect(VectorSpace(model: .mfcc, standardisation: own) == nil)
  }

  /// The vectors of the map are those of which a search takes the cosine: moved towards neighbours by the descriptor,
  /// as they are in the space of a model whose search is not refined.
  @Test(arguments: [EmbeddingModel.descriptor, .mfccStandardised])
  func theSearchVectorsAreWhatASearchCompares(model: EmbeddingModel) throws {
    let paths = try TestSong.writeCollection(kinds: 4, variants: 10, in: folder("music"))
    let embedder = try SongEmbedder(model)
    let embeddings = try paths.flatMap { try embedder.embed(file: $0).embedding }
    let songs = try SongIndex(model: model, ids: Array(paths.indices), embeddings: embeddings)
    let searched = EmbeddingMatrix(count: 40, dimension: model.dimension, values: try songs.searchVectors())
    var cosines = [Float](repeating: 0, count: 40)
    CosineSimilarity().write(from: searched[7], to: searched, into: &cosines)
    let similarities = try songs.index.similarities(to: Array(searched[7]))
    for (cosine, similarity) in zip(cosines, similarities) { #expect(abs(cosine - similarity) < 1e-4) }

    let space = EmbeddingMatrix(
      count: 40, dimension: model.dimension, values: songs.space.applied(to: embeddings))
    let unmoved = CosineSimilarity()(space[7], searched[7])
    #expect(model.refinement == nil ? unmoved > 0.9999 : unmoved > 0.5 && unmoved < 0.999, "\(unmoved)")
  }

  /// `evaluate` ranks as `similar` does: the same mean average precision from the recommendations.
  @Test(arguments: [EmbeddingModel.standard, .descriptor, .mfcc, .mfccStandardised])
  func evaluatesWhatItRecommends(model: EmbeddingModel) throws {
    // Kinds that overlap, so that the ranking is not perfect.
    let paths = try (0..<24).map { index in
      let path = folder("music/\(index).wav")
      try TestSong(kind: index / 4, variant: (index * 7) % 24).write(to: path)
      return path
    }
    let classes = Dictionary(uniqueKeysWithValues: paths.enumerated().map { ($0.element, "class \($0.offset % 6)") })
    let manifest = Manifest(
      songs: paths.map {
        var song = Manifest.Song(path: $0)
        song.className = classes[$0] ?? ""
        return song
      }, folder: folder.url)
    let metrics = try Evaluator(model: model, threads: 2).evaluate(queries: manifest, references: manifest).metrics
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([folder("music")])
    let recommender = try Recommender(catalogue: catalogue, model: model)
    let precisions = try paths.map { path in
      let query = try recommender.query(named: path)
      let found = try recommender.similar(to: query, count: 100)
      #expect(found.count == 23)
      let ranks = found.enumerated().filter { classes[$0.element.track.path] == classes[path] }.map {
        Double($0.offset + 1)
      }
      return ranks.enumerated().reduce(0) { $0 + Double($1.offset + 1) / $1.element } / Double(ranks.count)
    }
    #expect(metrics.map > 0 && metrics.map < 1)
    #expect(abs(metrics.map - precisions.reduce(0, +) / 24) < 1e-6)
  }

  @Test func vectorsOfOtherModelsAreNotTaken() throws {
    try TestSong.writeCollection(kinds: 1, variants: 2, in: folder("music"))
    _ = try Indexer(catalogue: catalogue, model: .mfccStandardised, threads: 2).index([folder("music")])
    let error = try #require(throws: LibraryError.self) { try Recommender(catalogue: catalogue, model: .descriptor) }
    #expect(error == .nothingIndexed(model: "descriptor", library: catalogue.path))
    #expect(error.description.contains("akin index"))
  }

  private static let emotify = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data/emotify").standardizedFileURL

  /// As `akin evaluate` measured it (docs/decisions/similarity.md).
  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: emotify.appending(path: "labels.csv").path),
      "no music at ../shared/data/emotify"))
  func findsArtistsOfRealMusic() throws {
    let manifest = try FolderDataset(grouping: .artist, minimum: 1, threads: 2).make(
      from: Self.emotify.path, manifestFolder: folder.url
    ).manifest
    let evaluator = Evaluator(model: .descriptor, threads: 2)
    let metrics = try evaluator.evaluate(queries: manifest, references: manifest).metrics
    #expect(metrics.queries == 249 && abs(metrics.map - 0.450) < 0.002, "\(metrics.map)")
  }
}
