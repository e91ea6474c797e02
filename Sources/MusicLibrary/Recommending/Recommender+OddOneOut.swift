import Catalogue
import NearestNeighbors
import Reproducibility
import SearchSpaces

extension Recommender {
  /// Three songs to ask a listener about: which of them does not belong? In random order; nil if there are not three.
  ///
  /// An answer should teach, so the question should not be easy: beside a song of chance stand one of its near neighbours,
  /// and a song half as alike to it as that one. They are by three artists if possible, since an artist gives the answer
  /// away. Nothing that is blocked is asked about, and no recording twice in a question. The songs of the last answers
  /// rest. Of several such questions that is asked which tells most beside the answers that are known (`EarQuestions`).
  ///
  /// - Parameters:
  ///   - isChance: Asks the first question that comes: to compare.
  ///   - generator: What chance draws from.
  public func oddOneOut(
    isChance: Bool = false, using generator: inout some RandomNumberGenerator
  ) throws -> [Track]? {
    let events = try catalogue.events([.oddOneOut])
    var chance = SeededGenerator(seed: generator.next())
    return try index.answer { songs in
      let count = isChance ? 1 : Self.mostQuestions
      let questions = try questions(count, after: events.map(\.songs), of: songs, using: &chance)
      guard questions.count > 1, let heard = try index.ear(of: songs) else { return questions.first }
      let answers = EarAnswers(events: events, playlists: [], heard: songs.index.ids, randomSeed: 1).answers
      let ear = try EarQuestions(songs: heard, answers: answers, using: &chance)
      let chosen = try ear.mostTelling(of: questions.map { $0.map(\.id) })
      return questions.first { $0.map(\.id) == chosen } ?? questions.first
    }
  }

  /// Up to `count` questions.
  private func questions(
    _ count: Int, after answers: [[TrackID]], of songs: SongIndex<TrackID>, using generator: inout SeededGenerator
  ) throws -> [[Track]] {
    let recordings = try index.recordings(of: songs)
    // In a small library, fewer rest.
    let resting = answers.suffix(min(50, songs.index.count / 6))
    let passes = try AllowedSongs(
      songs, filter: TrackFilter(), blocks: catalogue.blocks(), excluded: Set(resting.joined()),
      recordings: recordings, in: catalogue
    ).passes
    let drawn = Array(passes.indices.filter { passes[$0] }.shuffled(using: &generator).prefix(Self.mostDrawn))
    var tracks: [TrackID: Track] = [:]
    var questions: [[Track]] = []
    for first in drawn where questions.count < count {
      let point = try songs.point(of: .row(first))
      let neighbours = try songs.rows(near: [point], count: Self.mostNeighbours) { passes[$0] }[0]
      let rows = Array(Set(drawn + neighbours)).sorted()
      let alike = Dictionary(uniqueKeysWithValues: zip(rows, try songs.similarities(of: rows, to: [point])[0]))
      let new = rows.map { songs.index.ids[$0] }.filter { tracks[$0] == nil }
      tracks.merge(try index.tracks(ids: new)) { known, _ in known }
      var trio = Trio(first: first, tracks: tracks, songs: songs, recordings: recordings)

      let near = trio.candidates(of: neighbours).sorted { (alike[$0] ?? 0, $1) > (alike[$1] ?? 0, $0) }
      guard let second = near.prefix(Self.nearest).randomElement(using: &generator) else { continue }
      trio.rows.append(second)
      let half = (alike[second] ?? 0) / 2
      let third = trio.candidates(of: drawn).min { abs((alike[$0] ?? 0) - half) < abs((alike[$1] ?? 0) - half) }
      guard let third else { continue }
      trio.rows.append(third)
      questions.append(trio.rows.compactMap(trio.track).shuffled(using: &generator))
    }
    return questions
  }

  /// How many songs are looked at: near neighbours, for one by another artist, and others of chance.
  private static let (mostNeighbours, mostDrawn) = (100, 300)
  /// The near one is one of so many.
  private static let nearest = 5
  /// How many questions are weighed against each other.
  private static let mostQuestions = 24
}

/// The songs of a question as they are chosen, as rows.
private struct Trio {
  var rows: [Int]
  private let tracks: [TrackID: Track]
  private let songs: SongIndex<TrackID>
  private let recordings: Recordings

  init(first: Int, tracks: [TrackID: Track], songs: SongIndex<TrackID>, recordings: Recordings) {
    rows = [first]
    (self.tracks, self.songs, self.recordings) = (tracks, songs, recordings)
  }

  func track(_ row: Int) -> Track? { tracks[songs.index.ids[row]] }

  /// Those of some songs that may come beside the chosen: of other recordings, and by other artists if there are any.
  func candidates(of others: some Sequence<Int>) -> [Int] {
    let chosen = Set(rows.map(recordings.recording))
    let artists = Set(rows.compactMap(track).flatMap(\.artistKeys))
    let possible = others.filter { track($0) != nil && !chosen.contains(recordings.recording($0)) }
    let byOthers = possible.filter { artists.isDisjoint(with: track($0)?.artistKeys ?? []) }
    return byOthers.isEmpty ? possible : byOthers
  }
}
