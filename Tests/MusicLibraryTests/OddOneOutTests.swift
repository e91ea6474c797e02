import Catalogue
import MusicLibrary
import Reproducibility
import Testing

@Suite struct OddOneOutTests {
  /// Sixty songs over a half circle, three in a row by one artist.
  private func library() throws -> InventedLibrary {
    try InventedLibrary((0..<60).map { .init(degrees: Double($0) * 3, artist: "Artist \($0 / 3)") })
  }

  private func question(_ recommender: Recommender, randomSeed: UInt64) throws -> [Track] {
    var generator = SeededGenerator(seed: randomSeed)
    return try #require(try recommender.oddOneOut(using: &generator))
  }

  @Test func twoAreNearThreeAreByOthersAndOneIsBetweenNearAndFar() throws {
    let library = try library()
    let recommender = try library.recommender
    var places: Set<Int> = []
    for randomSeed in 0..<40 {
      let songs = try question(recommender, randomSeed: UInt64(randomSeed))
      #expect(try question(recommender, randomSeed: UInt64(randomSeed)) == songs)
      #expect(songs.count == 3 && Set(songs.map(\.tags.artist)).count == 3)
      let numbers = songs.compactMap { library.ids.firstIndex(of: $0.id) }
      let sorted = numbers.sorted()
      let gaps = [sorted[1] - sorted[0], sorted[2] - sorted[1]].sorted()
      // The near one is among the first five by another artist; the third is neither there nor at the other end.
      #expect(gaps[0] <= 8 && gaps[1] > gaps[0] && gaps[1] < 40, "\(sorted)")
      let odd = gaps[1] == sorted[1] - sorted[0] ? sorted[0] : sorted[2]
      places.insert(try #require(numbers.firstIndex(of: odd)))
    }
    #expect(places == [0, 1, 2])
  }

  @Test func whatIsBlockedOrWasJustAnsweredIsNotAskedAbout() throws {
    let library = try library()
    let recommender = try library.recommender
    for artist in 0..<10 { try library.catalogue.block(.artist("Artist \(artist)")) }
    var answers: [[TrackID]] = []
    for randomSeed in 0..<5 {
      let songs = try question(recommender, randomSeed: UInt64(randomSeed)).map(\.id)
      #expect(songs.allSatisfy { library.ids.firstIndex(of: $0)! >= 30 })
      #expect(Set(songs).isDisjoint(with: answers.joined()))
      answers.append(songs)
      try library.catalogue.record(.oddOneOut, songs: songs, source: "test", time: Double(randomSeed))
    }
  }

  @Test func copiesAreOneSongAndTwoSongsAreNoQuestion() throws {
    let copies = try InventedLibrary([
      .init(degrees: 0), .init(degrees: 0), .init(degrees: 40), .init(degrees: 40), .init(degrees: 90),
    ])
    for randomSeed in 0..<20 {
      let songs = try question(copies.recommender, randomSeed: UInt64(randomSeed))
      #expect(Set(songs.compactMap { copies.ids.firstIndex(of: $0.id) }.map { $0 / 2 }) == [0, 1, 2])
    }
    try copies.catalogue.block(.song(copies.paths[4]))
    var generator = SeededGenerator(seed: 1)
    #expect(try copies.recommender.oddOneOut(using: &generator) == nil)
  }
}
