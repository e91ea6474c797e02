import Catalogue
import MetricLearning
import NearestNeighbors
import Reproducibility
import SearchSpaces
import SongModels
import Synchronization
import Tags

/// How well models find the artists, albums and genres of a listener's own collection by the sound alone, and whether
/// some songs are in everybody's list.
///
/// Each song asks among all others. Copies count once. In a large collection some songs ask, drawn once and for all, so
/// that the same collection gives the same numbers.
public struct LibraryQuality: Sendable, Encodable {
  /// What should be found near a song.
  public enum Question: String, Sendable, Hashable, CaseIterable, Encodable {
    /// Other songs by its first artist.
    case artist
    /// Other songs of its album.
    case album
    /// Songs of its first genre by other artists: songs by its own are left out.
    case genre
  }

  /// How well one question was answered.
  public struct Answer: Sendable, Encodable {
    /// What should be found.
    public let question: Question
    /// How many songs asked that have something to find.
    public let queries: Int
    /// The means over them.
    public let measures: QueryMeasures
    /// The means if the order were that of chance.
    public let chance: QueryMeasures
    /// The songs that asked and were answered worst, the worst first; at most 20.
    public let worst: [TrackID]

    private enum CodingKeys: CodingKey { case question, queries, measures, chance }
  }

  /// How unevenly songs appear among the ten nearest of others.
  public struct Hubs: Sendable, Encodable {
    /// The skewness of how often a song is in a list, if every song asked: above 1 there are hubs.
    public let skewness: Double
    /// How often the song appears that appears most.
    public let largest: Int
    /// The share of songs in none of the lists that were made.
    public let nobodysShare: Double
    /// What that share would be if lists were drawn by chance.
    public let nobodysShareByChance: Double
  }

  /// A model, and how it did.
  public struct Entry: Sendable, Encodable {
    /// The model's name.
    public let model: String
    /// How many songs it compares.
    public let songs: Int
    /// Its answers; a question that no song can ask is left out.
    public let answers: [Answer]
    /// Hubs in the lists that a listener sees.
    public let hubs: Hubs
    /// Hubs in lists by the cosine alone, before hubs are taken out; nil for a model that ranks by it.
    public let hubsBefore: Hubs?
    /// How many lists hubs were counted in.
    public let lists: Int
  }

  /// The models, the one that was asked for first.
  public let models: [Entry]
  /// Whether the library has no vectors of the MFCC baseline.
  public let lacksBaseline: Bool

  /// Measures a model, and the MFCC baselines if the library holds their vectors.
  ///
  /// - Parameters:
  ///   - queryCount: At most how many songs ask; nil for as many as take about a minute.
  ///   - progress: Is told what is measured.
  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed` if the model has heard no song.
  public init(
    catalogue: Catalogue, model: EmbeddingModel, queryCount: Int? = nil,
    progress: (_ model: String) -> Void = { _ in }
  ) throws {
    let baselines = [EmbeddingModel.mfcc, .mfccStandardised]
    let heard = Set(try catalogue.statistics().models.filter { $0.vectors > 0 }.map(\.identifier))
    lacksBaseline = !heard.contains(EmbeddingModel.mfcc.identifier)
    let others = lacksBaseline ? [] : baselines.filter { $0.name != model.name }
    models = try ([model] + others).map { model in
      progress(model.name)
      guard let index = try LibraryIndex(catalogue: catalogue, model: model) else {
        throw LibraryError.nothingHeard(by: model, in: catalogue.path)
      }
      return try index.answer { songs in
        let tracks = try index.tracks(ids: songs.index.ids)
        return try Measurement(songs: songs, tracks: tracks, model: model.name, queryCount: queryCount).entry()
      }
    }
  }
}

/// One model's songs, and what is measured of them.
private struct Measurement {
  let songs: SongIndex<TrackID>
  let tracks: [TrackID: Track]
  let model: String
  let queryCount: Int?
  /// The rows that take part.
  let rows: [Int]

  init(songs: SongIndex<TrackID>, tracks: [TrackID: Track], model: String, queryCount: Int?) {
    self.songs = songs
    self.tracks = tracks
    self.model = model
    self.queryCount = queryCount
    rows = songs.copies.distinctRows
  }

  func entry() throws -> LibraryQuality.Entry {
    let (hubs, before, lists) = try hubs()
    return LibraryQuality.Entry(
      model: model, songs: rows.count, answers: try answers(), hubs: hubs, hubsBefore: before, lists: lists)
  }

  /// Rows that ask: `count` of those that take part, in ascending order.
  private func drawn(_ count: Int) -> [Int] {
    var generator = SeededGenerator(seed: 1)
    return count >= rows.count ? rows : Array(rows.shuffled(using: &generator).prefix(count)).sorted()
  }

  // MARK: - Answers

  /// So many comparisons of a song with all others take about half a minute.
  private static let comparisons = 40_000_000
  private static let listCount = 5_000

  private func answers() throws -> [LibraryQuality.Answer] {
    let asked = drawn(queryCount ?? max(200, Self.comparisons / max(1, rows.count)))
    let artists = classes { $0.artistKeys.first }
    let questions: [(question: LibraryQuality.Question, classes: [Int?])] = [
      (.artist, artists), (.album, classes(\.albumKey)), (.genre, classes { $0.tags.genres.first.map(NameKey.key) }),
    ]
    let evaluations = questions.map { question, classes in
      RetrievalEvaluation(
        references: zip(classes, artists).map { RetrievalSong(classIndex: $0, artist: $1) },
        artistFilter: question == .genre)
    }
    var places = [Int](repeating: 0, count: songs.index.count)
    for (place, row) in rows.enumerated() { places[row] = place }
    typealias Measures = (found: QueryMeasures, chance: QueryMeasures)
    let results = Mutex([[Measures?]](repeating: [], count: asked.count))
    let failure = Mutex<NearestNeighborsError?>(nil)
    Parallel.forEach(count: asked.count, threads: Parallel.processorCount) { query, _ in
      do throws(NearestNeighborsError) {
        let place = places[asked[query]]
        let all = try songs.similarities(to: .row(asked[query]))
        let similarities = rows.map { all[$0] }
        let measures = evaluations.map { evaluation -> Measures? in
          let query = RetrievalQuery(song: evaluation.references[place], referenceIndex: place)
          guard let ranks = evaluation.relevantRanks(of: query, similarities: similarities),
            let chance = evaluation.expectedRandomMeasures(of: query)
          else { return nil }
          return (QueryMeasures(ranks), chance)
        }
        results.withLock { $0[query] = measures }
      } catch { failure.withLock { $0 = error } }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    let measured = results.withLock { $0 }
    return questions.enumerated().compactMap { place, question in
      let own = measured.compactMap { $0[place] }
      guard let found = QueryMeasures(meanOf: own.map(\.found)), let chance = QueryMeasures(meanOf: own.map(\.chance))
      else { return nil }
      let ranked = measured.enumerated().compactMap { query, all in
        all[place].map { (precision: $0.found.averagePrecision, row: asked[query]) }
      }.sorted { ($0.precision, $0.row) < ($1.precision, $1.row) }
      return LibraryQuality.Answer(
        question: question.question, queries: own.count, measures: found, chance: chance,
        worst: ranked.prefix(20).map { songs.index.ids[$0.row] })
    }
  }

  /// A number for each name that songs have, in the order of the rows that take part; nil for none.
  private func classes(_ name: (Track) -> String?) -> [Int?] {
    var numbers: [String: Int] = [:]
    return rows.map { row in
      guard let name = tracks[songs.index.ids[row]].flatMap(name) else { return nil }
      if let known = numbers[name] { return known }
      numbers[name] = numbers.count
      return numbers.count - 1
    }
  }

  // MARK: - Hubs

  /// Enough queries at a time to share passes over the codes.
  private static let slice = 1536
  private static let listLength = 10

  private func hubs() throws -> (shown: LibraryQuality.Hubs, before: LibraryQuality.Hubs?, lists: Int) {
    let asked = drawn(queryCount ?? Self.listCount)
    var (shown, before): ([[Int]], [[Int]]) = ([], [])
    for start in stride(from: 0, to: asked.count, by: Self.slice) {
      let found = try songs.nearest(
        toEach: Array(asked[start..<min(start + Self.slice, asked.count)]), count: Self.listLength)
      shown += found.found
      before += found.byCosine
    }
    var isCorrected = false
    if case .withoutHubs = songs.scale { isCorrected = true }
    return (hubs(in: shown), isCorrected ? hubs(in: before) : nil, asked.count)
  }

  private func hubs(in lists: [[Int]]) -> LibraryQuality.Hubs {
    var places = [Int](repeating: 0, count: songs.index.count)
    for (place, row) in rows.enumerated() { places[row] = place }
    let hubness = Hubness(nearest: lists.map { $0.map { places[$0] } }, referenceCount: rows.count)
    let others = max(1, rows.count - 1)
    var byChance = 1.0
    for list in lists { byChance *= 1 - Double(list.count) / Double(others) }
    return LibraryQuality.Hubs(
      skewness: lists.count < 3 ? 0 : hubness.estimatedSkewness(queryCount: lists.count),
      largest: hubness.largestOccurrence, nobodysShare: hubness.antiHubShare, nobodysShareByChance: max(0, byChance))
  }
}
