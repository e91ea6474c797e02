import Catalogue
import Foundation
import MetricLearning
import MusicLibrary
import Reproducibility
import SearchSpaces
import SongModels
import Testing

@Suite struct TagLearningTests {
  @Test func tagsThatHelpAreAdopted() throws {
    let library = try TaughtLibrary()
    #expect(try library.learning.isPromising())
    #expect(try library.learning.lastLesson() == nil)
    let lesson = try library.learning.learn()
    #expect(lesson.adopted && lesson.reason == nil, "\(lesson.sentence)")
    let (genres, artists) = (try #require(lesson.genres), try #require(lesson.artists))
    #expect(genres.gain > 0.05 && genres.gain > genres.uncertainty && genres.queries == 120)
    #expect(artists.gain >= 0)
    #expect(lesson.songs == 120 && lesson.artistCount == 20)
    #expect(lesson.genreTrust.map(\.name).sorted() == ["Jazz", "Rock"])
    #expect(lesson.genreTrust.allSatisfy { $0.trust > 0 && $0.trust <= 1 && $0.songs == 60 })
    #expect(lesson.sentence.contains("adopted") && lesson.sentence.contains("artists it had not heard"))
    #expect(try library.learning.lastLesson() == lesson)
    #expect(try !library.learning.isPromising())
    let changes = try library.catalogue.spaceChanges(of: library.model)
    #expect(changes.map(\.kind) == [.tags])
    #expect((1...SpaceChange.mostDirections).contains(changes[0].change.count))
  }

  @Test func newSongsJoinAndForgettingUndoesIt() throws {
    var library = try TaughtLibrary()
    // Songs of artists that come later, without any tags.
    for artist in [100, 101] { try library.addArtist(artist, songs: 4) { _, _ in AudioTags() } }
    func share(_ library: TaughtLibrary) throws -> Double {
      let shares = try [100, 101].flatMap { artist in
        try (0..<4).map { song -> Double in
          let found = try library.nearest(to: TaughtLibrary.path(artist, song), count: 20)
            .compactMap { Int($0.split(separator: "/")[1]) }.filter { $0 < 100 }
          return Double(found.count { $0 % 2 == artist % 2 }) / Double(found.count)
        }
      }
      return shares.reduce(0, +) / Double(shares.count)
    }
    let asked = TaughtLibrary.path(3, 1)
    let (before, plain) = (try share(library), try library.nearest(to: asked))
    #expect(try library.learning.learn().adopted)
    let changes = try library.catalogue.spaceChanges(of: library.model)
    #expect(try share(library) > before + 0.1)
    #expect(try library.nearest(to: asked) != plain)
    try library.addArtist(102, songs: 2) { _, _ in AudioTags() }
    #expect(try library.nearest(to: TaughtLibrary.path(102, 0), count: 1) == [TaughtLibrary.path(102, 1)])
    #expect(try library.catalogue.spaceChanges(of: library.model) == changes)
    #expect(try library.learning.forget())
    #expect(try !library.learning.forget())
    try library.catalogue.forget(
      [0, 1].compactMap { try library.catalogue.track(path: TaughtLibrary.path(102, $0))?.id })
    #expect(try library.nearest(to: asked) == plain)
  }

  @Test func genresByChanceAreRefused() throws {
    var generator = SeededGenerator(seed: 5)
    let names = (0..<TaughtLibrary.artists).map(TaughtLibrary.genre).shuffled(using: &generator)
    // By chance of each artist, and of each song.
    for isOfSong in [false, true] {
      var songGenerator = SeededGenerator(seed: 6)
      let library = try TaughtLibrary { artist, song in
        var tags = TaughtLibrary.tags(artist, song)
        tags.genres = [isOfSong ? ["Rock", "Jazz"][Int.random(in: 0...1, using: &songGenerator)] : names[artist]]
        return tags
      }
      let plain = try library.nearest(to: TaughtLibrary.path(2, 2))
      let lesson = try library.learning.learn()
      #expect(!lesson.adopted && lesson.reason != nil, "\(lesson.sentence)")
      #expect(lesson.sentence.contains("not adopted, since"))
      #expect(try library.catalogue.spaceChanges(of: library.model).isEmpty)
      #expect(try library.nearest(to: TaughtLibrary.path(2, 2)) == plain)
      // It was tried: it is not offered again.
      #expect(try !library.learning.isPromising())
    }
  }

  @Test(arguments: [["Other", "unknown"], ["Misc", "(12)"], ["", "Genre"]])
  func genresThatSayNothingAreRefused(genres: [String]) throws {
    let library = try TaughtLibrary { artist, song in
      var tags = TaughtLibrary.tags(artist, song)
      tags.genres = [genres[artist % 2]].filter { !$0.isEmpty }
      return tags
    }
    #expect(try !library.learning.isPromising())
    let lesson = try library.learning.learn()
    #expect(!lesson.adopted && lesson.reason == "no song has a genre that says something")
  }

  @Test func genresOfOneArtistOrOfAllSayNothing() throws {
    let own = try TaughtLibrary { artist, song in
      var tags = TaughtLibrary.tags(artist, song)
      tags.genres = ["Genre of \(artist)"]
      return tags
    }
    #expect(try own.learning.learn().reason == "no genre has four songs or more by different artists")
    let everybody = try TaughtLibrary { artist, song in
      var tags = TaughtLibrary.tags(artist, song)
      tags.genres = ["Pop"]
      return tags
    }
    #expect(try everybody.learning.learn().reason == "only one genre has four songs or more by different artists")
  }

  /// Spellings, a slip of the keyboard, useless genres beside useful ones, and songs without tags take nothing away.
  @Test func untidyTagsTeachAsWell() throws {
    let library = try TaughtLibrary(artists: 24) { artist, song in
      var tags = TaughtLibrary.tags(artist, song)
      switch (artist, song) {
      case (22, _): tags = AudioTags()
      case (23, _): tags.artists = ["Various Artists"]
      case (_, 0): tags.genres = [tags.genres[0].uppercased(), "Other"]
      case (4, 1): tags.genres = ["Rocck"]
      case (_, 1): tags.genres = [" \(tags.genres[0])  "]
      case (_, 2): tags.genres = []
      default: break
      }
      return tags
    }
    let lesson = try library.learning.learn()
    #expect(lesson.adopted, "\(lesson.sentence)")
    #expect(lesson.artistCount == 22 && lesson.songs == 144)
    #expect(Set(lesson.genreTrust.map { $0.name.lowercased() }) == ["rock", "jazz"])
  }

  @Test func tooLittleIsRefusedWithItsReason() throws {
    let one = try TaughtLibrary(artists: 1, songs: 30)
    #expect(try one.learning.learn().reason?.contains("1 known artists") == true)
    let two = try TaughtLibrary(artists: 2, songs: 1)
    #expect(try !two.learning.learn().adopted)
    let untagged = try TaughtLibrary { _, _ in AudioTags() }
    #expect(try untagged.learning.learn().reason?.contains("0 known artists") == true)
    #expect(try !untagged.learning.isPromising())
    let empty = try TaughtLibrary(artists: 0)
    #expect(throws: LibraryError.self) { try empty.learning.learn() }
    #expect(try !empty.learning.isPromising())
    #expect(try !TagLearning(catalogue: empty.catalogue, model: .descriptor).isPromising())
  }

  @Test func otherModelsCompareAsBefore() throws {
    let library = try TaughtLibrary()
    #expect(try library.learning.learn().adopted)
    // The same vectors, compared in another way.
    #expect(try library.catalogue.spaceChanges(of: .mfccStandardised).isEmpty)
    let other = TagLearning(catalogue: library.catalogue, model: .mfccStandardised)
    #expect(try other.lastLesson() == nil && other.isPromising())
    #expect(try library.catalogue.spaceChanges(of: .descriptor).isEmpty)
  }

  @Test func threadsChangeNothing() throws {
    let library = try TaughtLibrary()
    let results = try [1, 3].map { threads in
      var learning = library.learning
      learning.threads = threads
      var lesson = try learning.learn()
      lesson.seconds = 0
      return (lesson, try library.catalogue.spaceChanges(of: library.model))
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1 == results[1].1)
  }

  @Test func aLibraryThatHasGrownIsWorthLearningAgain() throws {
    var library = try TaughtLibrary()
    _ = try library.learning.learn()
    try library.addArtist(50, songs: 6, tags: TaughtLibrary.tags)
    #expect(try !library.learning.isPromising())
    try library.addArtist(51, songs: 8, tags: TaughtLibrary.tags)
    #expect(try library.learning.isPromising())
  }

  @Test func whatIsDamagedIsNamedAndCanBeForgotten() throws {
    let library = try TaughtLibrary()
    #expect(try library.learning.learn().adopted)
    var stored = try #require(try library.catalogue.learnedSpaces(library.model.spaceIdentifier).first)
    stored.data?[200] ^= 1
    try library.catalogue.store(stored, model: library.model.identifier)
    #expect(throws: LibraryError.self) { try library.nearest(to: TaughtLibrary.path(0, 0)) }
    #expect(try LibraryCheck(library.catalogue).faults.map(\.item) == ["what was learned for mfcc"])
    try library.learning.forget()
    #expect(try library.nearest(to: TaughtLibrary.path(0, 0)).count == 10)
  }

  @Test func theMapIsArrangedAnew() throws {
    let library = try TaughtLibrary()
    func map() throws -> MusicMap { try MusicMap(keptFor: library.catalogue, model: library.model, threads: 2) }
    let (plain, again) = (try map(), try map())
    #expect(plain.coordinates == again.coordinates)
    #expect(try library.learning.learn().adopted)
    let learned = try map()
    #expect(learned.coordinates != plain.coordinates)
    #expect(try map().coordinates == learned.coordinates)
  }
}
