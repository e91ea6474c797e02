import Catalogue
import Foundation
import MetricLearning
import NearestNeighbors
import Reproducibility
import SearchSpaces
import SongModels

/// Learns from what a listener said and did how songs are to be compared. It is adopted only if a cross-validation says
/// that it foretells answers which it has not seen better than the model as it comes.
public struct EarLearning: Sendable {
  /// The library.
  public let catalogue: Catalogue
  /// The model whose space is changed.
  public let model: EmbeddingModel
  /// How answers are divided, and what chance draws.
  public var randomSeed: UInt64 = 1

  /// With fewer answers a check says nothing.
  static let fewestAnswers = 10
  /// Of more answers only the latest are learned from.
  static let mostAnswers = 2000
  /// How likely it must be that answers are foretold better. What was learned is cautious itself, so that a higher
  /// demand would keep more from listeners than it spares them (docs/listening.md).
  static let certainty = 0.8
  /// The share of answers that would be foretold by guessing one of three songs.
  static let chance = 1.0 / 3
  private static let folds = 5

  /// Learning for a model that a library holds vectors of.
  public init(catalogue: Catalogue, model: EmbeddingModel) {
    self.catalogue = catalogue
    self.model = model
  }

  /// Learns, and stores what came of it: the change if it is adopted, and in any case what was found.
  ///
  /// - Parameter progress: Is told what is done.
  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed` if the model has heard nothing.
  public func learn(progress: (String) -> Void = { _ in }) throws -> EarLesson {
    let start = ContinuousClock.now
    guard let index = try LibraryIndex(catalogue: catalogue, model: model) else {
      throw LibraryError.nothingHeard(by: model, in: catalogue.path)
    }
    var (lesson, change) = try index.answer { try result(of: $0, progress: progress) }
    lesson.seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    try catalogue.keep(lesson, change: change, .ear, of: model)
    return lesson
  }

  private func result(
    of index: SongIndex<TrackID>, progress: (String) -> Void
  ) throws -> (EarLesson, SpaceChange?) {
    progress("reading answers")
    let answers = try Self.answers(in: catalogue, heard: index.index.ids, randomSeed: randomSeed)
    var lesson = EarLesson(model: model.name, answers: answers)
    guard answers.count >= Self.fewestAnswers else {
      lesson.reason = "\(Self.fewestAnswers) answers are needed"
      return (lesson, nil)
    }
    guard let songs = try EarSongs(catalogue: catalogue, model: model, index: index) else {
      lesson.reason = "the library has fewer than three songs"
      return (lesson, nil)
    }
    let choices = try answers.compactMap { try songs.choice(of: $0.songs, count: $0.count) }
    progress("learning from \(choices.count) answers")
    let check = EarCheck(songs: songs, choices: choices, folds: Self.folds, randomSeed: randomSeed)
    (lesson.before, lesson.after, lesson.certainty) = (check.before, check.after, check.certainty)
    let change = EarModel(choices, features: songs.features).change(songs.features)
    for aspect in songs.aspects {
      let scale = Double(change.scales[aspect.range.lowerBound])
      lesson.aspects[aspect.aspect] = scale * scale
    }
    lesson.reason = Self.objection(to: check)
    guard lesson.reason == nil else { return (lesson, nil) }
    lesson.adopted = true
    return (lesson, change)
  }

  /// Why what was learned is not adopted; nil if it is.
  private static func objection(to check: EarCheck) -> String? {
    if check.after <= chance { return "answers are foretold no better than by chance" }
    if check.after <= check.before { return "no more answers are foretold" }
    return check.certainty < certainty ? "it is not sure enough that answers are foretold better" : nil
  }

  /// What the events and playlists of a library say, the latest.
  static func answers(
    in catalogue: Catalogue, heard: [TrackID], randomSeed: UInt64
  ) throws(CatalogueError) -> [EarAnswers.Answer] {
    let all = EarAnswers(
      events: try catalogue.events(), playlists: try catalogue.playlists().map(\.songs), heard: heard,
      randomSeed: randomSeed
    ).answers
    let asked = Array(all.filter { $0.kind == .questions }.suffix(mostAnswers))
    return asked + all.filter { $0.kind != .questions }.prefix(max(0, mostAnswers - asked.count))
  }
}

extension EarLearning {
  /// What came of the last learning; nil if there was none.
  public func lastLesson() throws -> EarLesson? {
    try catalogue.lesson(.ear, of: model)
  }

  /// Forgets what was learned: songs are compared as if nobody had answered. The answers stay.
  ///
  /// - Returns: Whether there was anything.
  @discardableResult
  public func forget() throws(CatalogueError) -> Bool {
    try catalogue.forget(.ear, of: model)
  }
}
