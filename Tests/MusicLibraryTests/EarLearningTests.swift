import Catalogue
import Foundation
import MusicLibrary
import Reproducibility
import SearchSpaces
import SongModels
import TestSupport
import Testing

/// A library whose songs differ in many ways, of which a listener hears few.
private struct HeardLibrary {
  let folder: TemporaryFolder
  let catalogue: Catalogue
  let ids: [TrackID]
  let vectors: [[Float]]
  let model = EmbeddingModel.mfcc
  /// What the listener hears: the first values.
  static let heard = 3

  init(songs: Int = 120, randomSeed: UInt64 = 1) throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
    let model = model
    try catalogue.store(
      model: Catalogue.Model(identifier: model.identifier, name: "mfcc", kind: "mfcc", dimension: model.dimension))
    var generator = SeededGenerator(seed: randomSeed)
    // What is heard differs more than all else, which is more in number.
    let vectors = (0..<songs).map { _ in
      (0..<model.dimension).map { Float(generator.normal()) * ($0 < Self.heard ? 2 : 1) }
    }
    self.vectors = vectors
    ids = try catalogue.store(
      vectors.enumerated().map { number, vector in
        IndexedTrack(
          path: "/music/\(number).flac", fileSize: 1, modificationTime: Int64(number),
          tags: AudioTags(title: "Song \(number)", artists: ["Artist \(number)"]), duration: 60,
          embeddings: [model.identifier: vector])
      })
  }

  var learning: EarLearning { EarLearning(catalogue: catalogue, model: model) }
  var recommender: Recommender { get throws { try Recommender(catalogue: catalogue, model: model) } }

  private func likeness(_ one: Int, _ other: Int) -> Float {
    func length(_ row: Int) -> Float { vectors[row].prefix(Self.heard).reduce(0) { $0 + $1 * $1 }.squareRoot() }
    return zip(vectors[one], vectors[other]).prefix(Self.heard).reduce(0) { $0 + $1.0 * $1.1 } / length(one)
      / length(other)
  }

  /// Three songs as an answer has them, the odd one first.
  private func answer(_ songs: [Int]) -> [Int] {
    let pairs = [(1, 2), (0, 2), (0, 1)].map { likeness(songs[$0.0], songs[$0.1]) }
    let odd = pairs.indices.max { pairs[$0] < pairs[$1] } ?? 0
    return [songs[odd]] + songs.indices.filter { $0 != odd }.map { songs[$0] }
  }

  /// Answers questions, by what is heard or by chance.
  func answer(_ count: Int, byChance: Bool = false, isChance: Bool = false, randomSeed: UInt64 = 5) throws {
    var generator = SeededGenerator(seed: randomSeed)
    let recommender = try recommender
    for _ in 0..<count {
      let songs = try #require(try recommender.oddOneOut(isChance: isChance, using: &generator))
        .compactMap { song in ids.firstIndex(of: song.id) }
      let told = byChance ? songs.shuffled(using: &generator) : answer(songs)
      try catalogue.record(
        .oddOneOut, songs: told.map { ids[$0] }, source: "test", time: Double(generator.next() % 1000))
    }
  }

  /// The share of triplets of songs of which a search says what the listener hears.
  func agreement() throws -> Double {
    let recommender = try recommender
    var generator = SeededGenerator(seed: 9)
    var (right, all) = (0.0, 0.0)
    for row in 0..<30 {
      let found = try recommender.similar(to: recommender.query(named: "/music/\(row).flac"), count: ids.count)
      let rank = Dictionary(uniqueKeysWithValues: found.enumerated().map { ($1.track.id, $0) })
      for _ in 0..<60 {
        let (one, other) = (
          Int.random(in: 30..<ids.count, using: &generator), Int.random(in: 30..<ids.count, using: &generator)
        )
        guard abs(likeness(row, one) - likeness(row, other)) > 0.3 else { continue }
        all += 1
        if (rank[ids[one]]! < rank[ids[other]]!) == (likeness(row, one) > likeness(row, other)) { right += 1 }
      }
    }
    return right / all
  }
}

@Suite struct EarLearningTests {
  @Test func whatIsHeardIsLearnedForSongsThatWereNeverAskedAbout() throws {
    let library = try HeardLibrary()
    let before = try library.agreement()
    try library.answer(150)
    let lesson = try library.learning.learn()
    #expect(lesson.adopted && lesson.reason == nil, "\(lesson.sentence)")
    let (old, new, certainty) = (
      try #require(lesson.before), try #require(lesson.after), try #require(lesson.certainty)
    )
    #expect(new > old && certainty > 0.9)
    #expect(lesson.answers == [.questions: 150] && lesson.answerCount == 150)
    #expect(try library.agreement() > before + 0.1)
    #expect(try library.learning.lastLesson() == lesson)
    let changes = try library.catalogue.spaceChanges(of: library.model)
    #expect(changes.map(\.kind) == [.ear])
    #expect(try library.learning.learn().certainty == lesson.certainty)
    #expect(try library.learning.forget())
    #expect(try !library.learning.forget())
    #expect(try library.agreement() == before)
  }

  @Test func answersByChanceAreNotAdopted() throws {
    for randomSeed in 1...3 as ClosedRange<UInt64> {
      let library = try HeardLibrary()
      try library.answer(60, byChance: true, randomSeed: randomSeed)
      let lesson = try library.learning.learn()
      #expect(!lesson.adopted && lesson.reason != nil, "\(lesson.sentence)")
      #expect(try library.catalogue.spaceChanges(of: library.model).isEmpty)
    }
  }

  @Test func fewAnswersAndFewSongsTeachNothing() throws {
    let library = try HeardLibrary()
    #expect(try library.learning.learn().reason?.contains("10 answers") == true)
    let small = try HeardLibrary(songs: 4)
    var lesson = try small.learning.learn()
    #expect(!lesson.adopted && lesson.answerCount == 0)
    for _ in 0..<12 {
      try small.catalogue.record(.oddOneOut, songs: Array(small.ids.prefix(3)), source: "test", time: 1)
    }
    lesson = try small.learning.learn()
    #expect(lesson.answerCount == 12)
  }

  /// An answer that was taken back, or one of whose songs is gone, teaches no more.
  @Test func whatWasTakenBackCountsNoMore() throws {
    let library = try HeardLibrary()
    try library.answer(12)
    let events = try library.catalogue.events([.oddOneOut])
    try library.catalogue.undo(event: events[0].id, time: 2)
    try library.catalogue.forget([events[1].songs[0]])
    #expect(try library.learning.learn().answers == [.questions: 10])
  }

  @Test func listsAndMarksTeachToo() throws {
    let library = try HeardLibrary()
    let ids = library.ids
    try library.catalogue.record(.together, songs: Array(ids[0..<8]), source: "test", time: 1)
    _ = try library.catalogue.addPlaylist(owner: "", name: "Quiet", songs: Array(ids[10..<15]), time: 1)
    for song in ids[20..<26] { try library.catalogue.record(.liked, songs: [song], source: "test", time: 1) }
    for song in ids[30..<33] { try library.catalogue.record(.disliked, songs: [song], source: "test", time: 2) }
    for song in ids[40..<42] { try library.catalogue.record(.skipped, songs: [song], source: "test", time: 3) }
    // Liked after all.
    try library.catalogue.record(.liked, songs: [ids[32]], source: "test", time: 4)
    let lesson = try library.learning.learn()
    #expect(lesson.answers == [.together: 16, .playlists: 10, .marks: 4, .skips: 4])
  }

  /// The same questions and answers, and the same seeds, give the same questions.
  @Test func questionsAreReproducible() throws {
    let (one, other) = (try HeardLibrary(), try HeardLibrary())
    try one.answer(5)
    try other.answer(5)
    #expect(try one.catalogue.events([.oddOneOut]).map(\.songs) == other.catalogue.events([.oddOneOut]).map(\.songs))
  }
}
