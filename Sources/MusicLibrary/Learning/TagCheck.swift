import MetricLearning
import NearestNeighbors
import Reproducibility
import SearchSpaces
import Synchronization

/// A cross-validation over artists of what labels teach: each song asks for its artist, and for its first genre without
/// the songs by its own artist, among all songs, compared as a search does; what was learned by then did not know its
/// artist's labels.
struct TagCheck {
  /// How well each of some songs was answered: the average precision; nil if it had nothing to find.
  struct Answers {
    var artists: [Double?]
    var genres: [Double?]

    static func mean(_ values: [Double?]) -> Double? {
      let known = values.compactMap(\.self)
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
  }

  /// Where the songs lie as the model comes.
  let space: VectorSpace
  /// The songs that take part, and their labels.
  let labelled: LabelledVectors
  /// What is asked.
  private let artists, genres: RetrievalEvaluation
  private let threads: Int

  static let folds = 4

  /// - Parameter units: For each song a number that those share whose genres must not help each other.
  init(space: VectorSpace, labelled: LabelledVectors, units: [Int], usable: Set<Int>, threads: Int) {
    self.space = space
    self.labelled = labelled
    self.threads = threads
    artists = RetrievalEvaluation(
      references: zip(labelled.makers, units).map { RetrievalSong(classIndex: $0, artist: $1) })
    let first = labelled.classes.map { list in list.first { usable.contains($0) } }
    genres = RetrievalEvaluation(
      references: zip(first, units).map { RetrievalSong(classIndex: $0, artist: $1) }, artistFilter: true)
  }

  /// How well the model answers as it comes.
  func before() throws(NearestNeighborsError) -> Answers {
    try answers(nil, asked: Array(0..<labelled.vectors.count))
  }

  /// What the songs of all folds but one teach, for each fold.
  func lessons(_ fold: [Int], count: Int) -> [LabelledDirections] {
    let lessons = Mutex([LabelledDirections?](repeating: nil, count: Self.folds))
    Parallel.forEach(count: Self.folds, threads: threads) { number, _ in
      let others = fold.indices.filter { fold[$0] != number }
      let learned = LabelledDirections(learning: labelled.selecting(others), count: count)
      lessons.withLock { $0[number] = learned }
    }
    return lessons.withLock { $0.compactMap(\.self) }
  }

  /// How well the songs of each fold are answered by what the others teach, with so much gain.
  func after(
    _ lessons: [LabelledDirections], _ fold: [Int], gain: Double, count: Int
  ) throws(NearestNeighborsError) -> Answers {
    var all = Answers(
      artists: Array(repeating: nil, count: fold.count), genres: Array(repeating: nil, count: fold.count))
    for (number, lesson) in lessons.enumerated() {
      let own = fold.indices.filter { fold[$0] == number }
      let part = try answers(lesson.change(gain: gain, count: count), asked: own)
      for row in own { (all.artists[row], all.genres[row]) = (part.artists[row], part.genres[row]) }
    }
    return all
  }

  /// The answers to some songs, if vectors are changed.
  private func answers(_ change: LowRankChange?, asked: [Int]) throws(NearestNeighborsError) -> Answers {
    let count = labelled.vectors.count
    var vectors = labelled.vectors.values
    change?.apply(to: &vectors)
    let songs = try SongIndex(
      space: space, ids: Array(0..<count), applied: vectors, copies: Copies(noneAmong: count))
    let nothing = [Double?](repeating: nil, count: count)
    let answers = Mutex(Answers(artists: nothing, genres: nothing))
    let failure = Mutex<NearestNeighborsError?>(nil)
    Parallel.forEach(count: asked.count, threads: threads) { place, _ in
      let row = asked[place]
      do throws(NearestNeighborsError) {
        let similarities = try songs.similarities(to: .row(row))
        func precision(_ evaluation: RetrievalEvaluation) -> Double? {
          evaluation.relevantRanks(
            of: RetrievalQuery(song: evaluation.references[row], referenceIndex: row), similarities: similarities)?
            .averagePrecision
        }
        let (artist, genre) = (precision(artists), precision(genres))
        answers.withLock { ($0.artists[row], $0.genres[row]) = (artist, genre) }
      } catch { failure.withLock { $0 = error } }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return answers.withLock { $0 }
  }
}
