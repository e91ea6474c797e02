import AudioFiles
import Datasets
import Foundation
import MetricLearning
import SearchSpaces
import SongModels

/// Measures how well a model finds songs of a query's class (paper 2.7).
public struct Evaluator: Sendable {
  /// The result of an evaluation.
  public struct Outcome: Sendable {
    /// The measures.
    public var metrics: RetrievalMetrics
    /// Songs that could not be embedded, and why; they take no part.
    public var skipped: [(path: String, reason: String)]
  }

  /// The model.
  public let model: EmbeddingModel
  /// What was learned for a library of how the model compares.
  package let changes: [SpaceChange]
  /// Whether songs by the query's own artist are taken out of the answers.
  public let artistFilter: Bool
  /// How many songs are embedded at once.
  public let threads: Int

  /// An evaluator of a model.
  public init(model: EmbeddingModel, artistFilter: Bool = false, threads: Int) {
    self.init(model: model, changes: [], artistFilter: artistFilter, threads: threads)
  }

  /// An evaluator of a model as it compares in a library.
  package init(model: EmbeddingModel, changes: [SpaceChange], artistFilter: Bool, threads: Int) {
    self.model = model
    self.changes = changes
    self.artistFilter = artistFilter
    self.threads = threads
  }

  /// One song of a manifest with its vector.
  private struct Embedded {
    var path: String
    var song: RetrievalSong
    var vector: [Float]
  }

  /// Embeds all songs; each song of `queries` then asks for its class among the other songs of `references`. Vectors
  /// are compared as `Recommender` compares them in a collection of the references.
  ///
  /// - Parameter report: is told how many songs are embedded; called from any thread, one call at a time.
  public func evaluate(
    queries: Manifest, references: Manifest, report: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> Outcome {
    let listening = try SongListening(threads: threads) { try SongEmbedder(model) }
    return try evaluate(queries: queries, references: references) { paths in
      listening.results(paths, progress: { report($0, paths.count) }) { path, embedder in
        try embedder.embed(file: path).embedding
      }
    }
  }

  /// The same with the caller's vectors: one for each path, in the order of the paths.
  package func evaluate(
    queries: Manifest, references: Manifest, vectors: (_ paths: [String]) throws -> [Result<[Float], any Error>]
  ) throws -> Outcome {
    let paths = Set((queries.songs.map(queries.filePath) + references.songs.map(references.filePath))).sorted()
    var found: [String: [Float]] = [:]
    var skipped: [(path: String, reason: String)] = []
    for (path, result) in zip(paths, try vectors(paths)) {
      switch result {
      case .success(let vector): found[path] = vector
      case .failure(let error): skipped.append((path, error.reasonToSkip))
      }
    }
    let labels = SongLabels(queries.songs + references.songs)
    func embedded(_ manifest: Manifest) -> [Embedded] {
      manifest.songs.compactMap { song in
        let path = manifest.filePath(of: song)
        return found[path].map { Embedded(path: path, song: labels.retrievalSong(song), vector: $0) }
      }
    }
    let metrics = try metrics(
      queries: embedded(queries), references: embedded(references), classNames: labels.classNames)
    return Outcome(metrics: metrics, skipped: skipped)
  }

  private func metrics(
    queries: [Embedded], references: [Embedded], classNames: [String]
  ) throws -> RetrievalMetrics {
    let index = try SongIndex(
      model: model, changes: changes, ids: Array(references.indices), embeddings: references.flatMap(\.vector))
    var rows: [String: Int] = [:]
    for (row, reference) in references.enumerated() where rows[reference.path] == nil { rows[reference.path] = row }
    let evaluation = RetrievalEvaluation(references: references.map(\.song), artistFilter: artistFilter)
    let asked = queries.map { RetrievalQuery(song: $0.song, referenceIndex: rows[$0.path]) }
    return try evaluation.metrics(of: asked, classNames: classNames) { query, similarities in
      let row = asked[query].referenceIndex
      similarities = try index.similarities(to: row.map(SongQuery.row) ?? .embedding(queries[query].vector))
    }
  }
}
