import AudioFiles
import Datasets
import Foundation
import MetricLearning
import Reproducibility
import SearchSpaces
import SongModels
import Synchronization

/// Measures how well a model finds songs of the query's class (paper 2.7).
public struct Evaluator: Sendable {
  /// What came of an evaluation.
  public struct Outcome: Sendable {
    /// The measures.
    public var metrics: RetrievalMetrics
    /// Songs that could not be embedded, and why; they take no part.
    public var skipped: [(path: String, reason: String)]
  }

  /// The model.
  public let model: EmbeddingModel
  /// Whether songs by the query's own artist count for nothing.
  public let artistFilter: Bool
  /// How many songs are embedded at once.
  public let threads: Int

  /// An evaluator of a model.
  public init(model: EmbeddingModel, artistFilter: Bool = false, threads: Int) {
    self.model = model
    self.artistFilter = artistFilter
    self.threads = threads
  }

  /// One song of a manifest with its vector.
  private struct Embedded {
    var path: String
    var song: RetrievalSong
    var vector: [Float]
  }

  /// Each song of `queries` asks for its class among `references`, all others where it is one of them. Vectors are
  /// compared as `Recommender` compares them, the references being its collection.
  ///
  /// - Parameter report: told how many songs are embedded; called from any thread, one call at a time.
  public func evaluate(
    queries: Manifest, references: Manifest, report: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> Outcome {
    let classNames = Set(queries.classNames + references.classNames).sorted()
    let paths = Set((queries.songs.map(queries.filePath) + references.songs.map(references.filePath))).sorted()
    let (vectors, skipped) = try embed(paths, report: report)
    let numbers = Numbering(classNames: classNames, songs: queries.songs + references.songs)
    func embedded(_ manifest: Manifest) -> [Embedded] {
      manifest.songs.compactMap { song in
        let path = manifest.filePath(of: song)
        return vectors[path].map { Embedded(path: path, song: numbers.retrievalSong(song), vector: $0) }
      }
    }
    let metrics = try metrics(
      queries: embedded(queries), references: embedded(references), classNames: classNames)
    return Outcome(metrics: metrics, skipped: skipped)
  }

  private func metrics(
    queries: [Embedded], references: [Embedded], classNames: [String]
  ) throws -> RetrievalMetrics {
    let index = try SongIndex(
      model: model, ids: Array(references.indices), embeddings: references.flatMap(\.vector))
    var places: [String: Int] = [:]
    for (place, reference) in references.enumerated() where places[reference.path] == nil {
      places[reference.path] = place
    }
    let evaluation = RetrievalEvaluation(references: references.map(\.song), artistFilter: artistFilter)
    let asked = queries.map { RetrievalQuery(song: $0.song, referenceIndex: places[$0.path]) }
    return try evaluation.metrics(of: asked, classNames: classNames) { query, row in
      let place = asked[query].referenceIndex
      row = try index.similarities(to: place.map(SongQuery.row) ?? .embedding(queries[query].vector))
    }
  }

  private func embed(
    _ paths: [String], report: @Sendable (_ done: Int, _ of: Int) -> Void
  ) throws -> (vectors: [String: [Float]], skipped: [(path: String, reason: String)]) {
    let workers = min(threads, max(1, paths.count))
    let embedders = try (0..<workers).map { _ in try SongEmbedder(model) }
    let results = Mutex([String: Result<[Float], any Error>]())
    Parallel.forEach(count: paths.count, threads: workers) { index, worker in
      let result = Result { try embedders[worker].embed(file: paths[index]).embedding }
      results.withLock {
        $0[paths[index]] = result
        report($0.count, paths.count)
      }
    }
    var vectors: [String: [Float]] = [:]
    var skipped: [(path: String, reason: String)] = []
    for (path, result) in results.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      switch result {
      case .success(let vector): vectors[path] = vector
      case .failure(let error):
        skipped.append((path, error.reasonToSkip))
      }
    }
    return (vectors, skipped)
  }
}

/// Numbers for the names of classes and artists.
private struct Numbering {
  private let classes: [String: Int]
  private let artists: [String: Int]

  init(classNames: [String], songs: [Manifest.Song]) {
    classes = Dictionary(uniqueKeysWithValues: classNames.enumerated().map { ($0.element, $0.offset) })
    let names = Set(songs.map(\.artist)).subtracting([""]).sorted()
    artists = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
  }

  func retrievalSong(_ song: Manifest.Song) -> RetrievalSong {
    RetrievalSong(classIndex: classes[song.className], artist: artists[song.artist])
  }
}
