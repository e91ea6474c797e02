import Catalogue
import MetricLearning
import NearestNeighbors
import Reproducibility
import SearchSpaces
import SongModels

/// The songs of a library that teach, with their vectors as the model compares them, and their tags.
struct TaughtSongs {
  /// The songs that teach, as rows of `labels`; those that take part in a check come first.
  let learning: [Int]
  let labels: TagLabels
  private let space: VectorSpace
  private let vectors: EmbeddingMatrix
  private let checked: Int
  private let usable: Set<Int>

  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed`.
  init(catalogue: Catalogue, model: EmbeddingModel, randomSeed: UInt64) throws {
    guard let index = try LibraryIndex(catalogue: catalogue, model: model) else {
      throw LibraryError.nothingHeard(by: model, in: catalogue.path)
    }
    let songs = index.songs
    guard let space = VectorSpace(model: model, standardisation: songs.space.standardisation) else {
      preconditionFailure("the space of \(model.name) does not fit its own model")
    }
    self.space = space
    // Copies would find each other.
    let ids = songs.copies.distinctRows.map { songs.index.ids[$0] }
    let known = try catalogue.tracks(ids: ids)
    let tracks = ids.compactMap { known[$0] }
    labels = TagLabels(tracks)
    learning = labels.sample(TagLearning.learningLimit, unitLimit: TagLearning.unitLimit, randomSeed: randomSeed)
    checked = min(learning.count, TagLearning.checkLimit)
    usable = labels.usableGenres(among: learning)
    var values: [Float] = []
    for row in learning {
      guard let vector = try catalogue.embedding(of: tracks[row].id, model: model.identifier) else {
        throw CatalogueError(.damaged, path: catalogue.path, action: "read the vectors", detail: "songs are missing")
      }
      values += space.applied(to: vector)
    }
    vectors =
      L2Normalisation().forward(
        EmbeddingMatrix(count: learning.count, dimension: model.searchDimension, values: values)
      ).embeddings
  }

  /// Why nothing can be learned; nil if something can.
  var reasonNotToLearn: String? { labels.reasonNotToLearn(from: learning) }

  /// What is known before anything was measured.
  func lesson(model: EmbeddingModel) -> TagLesson {
    TagLesson(
      model: model.name, adopted: false, reason: nil, genres: nil, artists: nil, songs: learning.count,
      artistCount: Set(learning.compactMap { labels.artists[$0] }).count, artistTrust: 0, albumTrust: 0, genreTrust: [],
      gain: 0, librarySongs: labels.units.count, libraryGenreSongs: labels.songsWithGenre, seconds: 0,
      version: AkinVersion.current)
  }

  /// How far tags are trusted.
  func tell(_ trust: LabelledDirections.Trust, to lesson: inout TagLesson) {
    lesson.artistTrust = trust.makers
    lesson.albumTrust = trust.sets
    lesson.genreTrust = trust.classes.map { number, trust in
      TagLesson.Genre(
        name: labels.genreNames[number], songs: learning.count { labels.genres[$0].contains(number) }, trust: trust)
    }.sorted { ($1.trust, $0.name) < ($0.trust, $1.name) }
  }

  /// Vectors and labels of songs, of which `rows` are a beginning of those that teach.
  func labelled(_ rows: [Int]) -> LabelledVectors {
    LabelledVectors(
      vectors: vectors.selecting(0..<rows.count), makers: rows.map { labels.artists[$0] },
      sets: rows.map { labels.albums[$0] }, classes: rows.map { labels.genres[$0] })
  }

  private var checkedRows: [Int] { Array(learning.prefix(checked)) }

  func check(threads: Int) -> TagCheck {
    TagCheck(
      space: space, labelled: labelled(checkedRows), units: checkedRows.map { labels.units[$0] }, usable: usable,
      threads: threads)
  }

  func folds(_ count: Int, randomSeed: UInt64) -> [Int] {
    labels.folds(of: checkedRows, count: count, randomSeed: randomSeed)
  }

  /// Both questions before and after, over the songs that asked; nil if none did.
  func figures(
    before: TagCheck.Answers, after: TagCheck.Answers
  ) -> (genres: TagLesson.Figure?, artists: TagLesson.Figure?) {
    (figure(before.genres, after.genres), figure(before.artists, after.artists))
  }

  private func figure(_ before: [Double?], _ after: [Double?]) -> TagLesson.Figure? {
    let asked = before.indices.filter { before[$0] != nil && after[$0] != nil }
    guard let old = TagCheck.Answers.mean(asked.map { before[$0] }),
      let new = TagCheck.Answers.mean(asked.map { after[$0] })
    else { return nil }
    var generator = SeededGenerator(seed: 1)
    let interval = BootstrapInterval(
      of: asked.map { (after[$0] ?? 0) - (before[$0] ?? 0) }, groups: asked.map { labels.units[learning[$0]] },
      resamples: 2000, using: &generator)
    return TagLesson.Figure(
      before: old, after: new, uncertainty: (interval.upper - interval.lower) / 2, queries: asked.count)
  }
}

extension TagLabels {
  /// How many songs have a genre that says something.
  var songsWithGenre: Int { genres.count { !$0.isEmpty } }

  /// Why some songs can teach nothing; nil if they can.
  func reasonNotToLearn(from rows: [Int]) -> String? {
    let named = Set(rows.compactMap { artists[$0] }).count
    if named < TagLearning.fewestArtists {
      let needed = TagLearning.fewestArtists
      return "its songs are of \(named) known artists, and \(needed) are needed to check what they teach"
    }
    if !rows.contains(where: { !genres[$0].isEmpty }) { return "no song has a genre that says something" }
    let usable = usableGenres(among: rows).count
    if usable < 2 {
      return "\(usable == 0 ? "no genre" : "only one genre") has four songs or more by different artists"
    }
    return nil
  }
}
