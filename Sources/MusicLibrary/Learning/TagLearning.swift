import Catalogue
import Foundation
import MetricLearning
import NearestNeighbors
import Reproducibility
import SearchSpaces
import SongModels

/// Learns from a library's own tags how its songs are to be compared: the songs of an artist or an album that belong
/// together, and what genres have in common (`LabelledDirections`). It is adopted only if a cross-validation over artists
/// says that genres are found better, and artists not worse.
public struct TagLearning: Sendable {
  /// The library.
  public let catalogue: Catalogue
  /// The model whose space is changed.
  public let model: EmbeddingModel
  /// Which songs are drawn, and how they are divided.
  public var randomSeed: UInt64 = 1
  /// How many threads measure; the result does not depend on it.
  public var threads = Parallel.processorCount

  /// At most so many songs teach, and take part in the checks; of larger libraries they are drawn.
  static let learningLimit = 4000, checkLimit = 2000
  /// If songs are drawn, at most so many of an artist.
  static let unitLimit = 20
  /// With fewer artists a check says nothing.
  static let fewestArtists = 8
  /// How much directions between genres are stretched: what is tried, in this order, as long as artists are not found
  /// worse.
  static let gains = [0, 1, 1.5, 2, 2.5, 3]
  /// What is chosen must find artists better by this share of the uncertainty, half a standard error: of several that
  /// are about as good as before, the best in one check tends to be worse in the next (docs/decisions/learn.md).
  static let artistMargin = 0.25

  /// Learning for a model that a library holds vectors of.
  public init(catalogue: Catalogue, model: EmbeddingModel) {
    self.catalogue = catalogue
    self.model = model
  }

  /// Learns, and stores what came of it: the change if it is adopted, and in any case what was found.
  ///
  /// - Parameter progress: Is told what is done.
  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed` if the model has heard nothing.
  public func learn(progress: (String) -> Void = { _ in }) throws -> TagLesson {
    let start = ContinuousClock.now
    progress("reading tags")
    let songs = try TaughtSongs(catalogue: catalogue, model: model, randomSeed: randomSeed)
    var (lesson, change) = try result(of: songs, progress: progress)
    lesson.seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    try catalogue.keep(lesson, change: change.map { SpaceChange(kind: .tags, change: $0) }, .tags, of: model)
    return lesson
  }

  private func result(of songs: TaughtSongs, progress: (String) -> Void) throws -> (TagLesson, LowRankChange?) {
    var lesson = songs.lesson(model: model)
    if let reason = songs.reasonNotToLearn {
      lesson.reason = reason
      return (lesson, nil)
    }
    progress("learning from the tags of \(songs.learning.count) songs")
    let count = SpaceChange.mostDirections
    let learned = LabelledDirections(learning: songs.labelled(songs.learning), count: count)
    songs.tell(learned.trust, to: &lesson)
    guard !learned.isWithoutClasses else {
      lesson.reason = "songs of one genre by different artists sound no more alike than others"
      return (lesson, nil)
    }
    guard let gain = try chosenGain(songs, &lesson, progress: progress) else { return (lesson, nil) }
    lesson.adopted = true
    lesson.gain = gain
    return (lesson, learned.change(gain: gain, count: count))
  }

  /// The gain that is adopted: chosen by one division of the artists into folds, and confirmed by another. The figures of
  /// the latter are what the lesson tells.
  private func chosenGain(
    _ songs: TaughtSongs, _ lesson: inout TagLesson, progress: (String) -> Void
  ) throws -> Double? {
    let count = SpaceChange.mostDirections
    let check = songs.check(threads: threads)
    progress("measuring the model as it comes")
    let before = try check.before()
    var fold = songs.folds(TagCheck.folds, randomSeed: randomSeed)
    progress("learning without a quarter of the artists")
    var lessons = check.lessons(fold, count: count)
    var promising: [(gain: Double, genres: Double)] = []
    for gain in Self.gains {
      progress("measuring what was learned, on artists that it has not heard (gain \(gain))")
      let figures = songs.figures(before: before, after: try check.after(lessons, fold, gain: gain, count: count))
      let artists = figures.artists.map { ($0.gain, $0.gain - Self.artistMargin * $0.uncertainty) } ?? (0, 0)
      if artists.1 >= 0, let genres = figures.genres, genres.gain > 0 { promising.append((gain, genres.gain)) }
      // With more, artists lose more.
      if artists.0 < 0, gain > 0 { break }
    }
    progress("dividing the artists anew, to confirm it")
    fold = songs.folds(TagCheck.folds, randomSeed: randomSeed &+ 1)
    lessons = check.lessons(fold, count: count)
    let candidates = promising.isEmpty ? [Self.gains[1]] : promising.sorted { $0.genres > $1.genres }.map(\.gain)
    for (number, gain) in candidates.prefix(3).enumerated() {
      let after = try check.after(lessons, fold, gain: gain, count: count)
      let figures = songs.figures(before: before, after: after)
      if number == 0 { (lesson.genres, lesson.artists) = figures }
      guard !promising.isEmpty, let genres = figures.genres, genres.gain > genres.uncertainty else { break }
      guard figures.artists.map({ $0.gain >= 0 }) ?? true else { continue }
      (lesson.genres, lesson.artists) = figures
      return gain
    }
    lesson.reason =
      (lesson.genres.map { $0.gain <= $0.uncertainty } ?? true)
      ? "genres are not found better beyond doubt" : "artists would be found worse"
    return nil
  }
}

extension TagLearning {
  /// What came of the last learning; nil if there was none.
  public func lastLesson() throws -> TagLesson? {
    try catalogue.lesson(.tags, of: model)
  }

  /// Forgets what was learned: the model compares as it comes.
  ///
  /// - Returns: Whether there was anything.
  @discardableResult
  public func forget() throws(CatalogueError) -> Bool {
    try catalogue.forget(.tags, of: model)
  }

  /// Whether learning may help, and was not tried for the library as it is now.
  public func isPromising() throws -> Bool {
    guard let index = try LibraryIndex(catalogue: catalogue, model: model) else { return false }
    let ids = index.songs.index.ids
    let known = try catalogue.tracks(ids: ids)
    let labels = TagLabels(ids.compactMap { known[$0] })
    let all = Array(labels.units.indices)
    if let last = try lastLesson(), !last.isOutdated(songs: all.count, genreSongs: labels.songsWithGenre) {
      return false
    }
    return labels.reasonNotToLearn(from: all) == nil
  }
}
