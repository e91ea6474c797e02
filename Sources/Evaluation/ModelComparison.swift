import Datasets
import MetricLearning
import SongModels

/// Compares models by songs of a dataset that no weight learned from: each of them asks for its class among all others.
public struct ModelComparison: Sendable {
  /// A model that takes part.
  public struct Entry: Sendable {
    /// What a table calls it.
    public let name: String
    /// The model.
    public let model: EmbeddingModel
    /// Whether it is there only for the others to be measured by: a control is never the best.
    public let isControl: Bool

    /// A model that takes part.
    public init(_ name: String, _ model: EmbeddingModel, isControl: Bool = false) {
      self.name = name
      self.model = model
      self.isControl = isControl
    }
  }

  /// How well a model answers.
  public struct Judgement: Sendable {
    /// The model.
    public let entry: Entry
    /// The measures of its answers.
    public let metrics: RetrievalMetrics

    package init(entry: Entry, metrics: RetrievalMetrics) {
      self.entry = entry
      self.metrics = metrics
    }
  }

  /// The dataset.
  public let parts: DatasetParts
  /// How many songs are embedded at once.
  public let threads: Int

  /// A comparison by the songs of `parts` that are not in its training part.
  public init(parts: DatasetParts, threads: Int) {
    self.parts = parts
    self.threads = threads
  }

  /// The songs that ask: those that say when to stop, and those that a model is judged by.
  public var queries: Manifest { Manifest(joining: [parts.validation, parts.test]) }

  /// How well each model answers, in their order.
  ///
  /// - Parameter report: told how many songs a model has embedded; called from any thread, one call at a time.
  public func judge(
    _ entries: [Entry], report: @Sendable (_ entry: Entry, _ done: Int, _ of: Int) -> Void = { _, _, _ in }
  ) throws -> [Judgement] {
    try entries.map { entry in
      let outcome = try Evaluator(model: entry.model, threads: threads).evaluate(
        queries: queries, references: parts.all
      ) { report(entry, $0, $1) }
      return Judgement(entry: entry, metrics: outcome.metrics)
    }
  }

  /// The model with the highest MAP, the first of equal ones; nil if there are only controls.
  public static func best(of judgements: [Judgement]) -> EmbeddingModel? {
    let candidates = judgements.filter { !$0.entry.isControl }
    guard var best = candidates.first else { return nil }
    for other in candidates.dropFirst() where other.metrics.map > best.metrics.map { best = other }
    return best.entry.model
  }
}
