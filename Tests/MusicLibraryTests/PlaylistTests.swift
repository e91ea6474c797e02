import Catalogue
import Files
import Foundation
import MusicLibrary
import TestSupport
import Testing

@Suite struct PlaylistTests {
  /// Songs on a fan of directions, three of each artist.
  private func fan(_ count: Int = 40, step: Double = 2) throws -> InventedLibrary {
    try InventedLibrary(
      (0..<count).map { number in
        InventedLibrary.Song(
          degrees: Double(number) * step, artist: "Artist \(number / 3)", album: "Album \(number / 3)",
          genre: number.isMultiple(of: 2) ? "Rock" : "Jazz", date: "\(1960 + number)", duration: Double(30 + number))
      })
  }

  private func seed(_ number: Int) -> Seed.Name { Seed.Name("Song \(number)", kind: .song) }

  @Test func theNearestComeFirst() throws {
    let library = try fan()
    let answer = try library.recommender.playlist(PlaylistRequest(like: [seed(10)], length: .songs(4)))
    #expect(Set(library.numbers(answer)) == [8, 9, 11, 12])
    #expect(answer.songs.map(\.similarity) == answer.songs.map(\.similarity).sorted(by: >))
    // The same as a single question.
    let recommender = try library.recommender
    let single = try recommender.similar(to: recommender.query(named: "Song 10"), count: 4)
    #expect(single == answer.songs)
  }

  @Test func severalSeedsWeightsAndWhatItShouldNotSoundLike() throws {
    let library = try fan()
    let recommender = try library.recommender
    let both = try recommender.playlist(PlaylistRequest(like: [seed(4), seed(30)], length: .songs(8)))
    #expect(Set(library.numbers(both)) == [2, 3, 5, 6, 28, 29, 31, 32])
    let weighted = PlaylistRequest(
      like: [seed(4), Seed.Name("Song 30", kind: .song, weight: 50)], length: .songs(4))
    #expect(Set(library.numbers(try recommender.playlist(weighted))) == [28, 29, 31, 32])
    let unlike = PlaylistRequest(like: [seed(10)], unlike: [seed(0)], length: .songs(3))
    #expect(library.numbers(try recommender.playlist(unlike)).allSatisfy { $0 > 10 })
  }

  @Test func anArtistAnAlbumAGenreAndAFolderAreSeeds() throws {
    let library = try fan()
    let recommender = try library.recommender
    let artist = try recommender.seed(Seed.Name("artist 3"))
    #expect(artist.kind == .artist && artist.songs == Set(library.ids[9...11]))
    let answer = try recommender.playlist(PlaylistRequest(like: [Seed.Name("Artist 3")], length: .songs(2)))
    #expect(Set(library.numbers(answer)) == [8, 12])
    let album = try recommender.seed(Seed.Name("Album 2", kind: .album))
    #expect(album.songs == Set(library.ids[6...8]))
    #expect(try recommender.seed(Seed.Name("jazz")).kind == .genre)
    #expect(try recommender.seed(Seed.Name("genre:Rock")).songs.count == 20)
    #expect(try recommender.seed(Seed.Name("song:Song 7")).songs == [library.ids[7]])
    #expect(try recommender.seed(Seed.Name("Artist 2 – Song 7")).songs == [library.ids[7]])
    let folder = try recommender.seed(Seed.Name("/music/Artist 5", kind: .folder))
    #expect(folder.songs == Set(library.ids[15...17]))
    #expect(throws: LibraryError.self) { try recommender.seed(Seed.Name("nobody at all")) }
    let near = ["Artist 0", "Artist 1", "Artist 10", "Artist 11", "Artist 12"]
    #expect(throws: LibraryError.unknownName("Artist", kind: "artist", near: near)) {
      try recommender.seed(Seed.Name("Artist", kind: .artist))
    }
    let with = PlaylistRequest(like: [Seed.Name("Artist 3")], length: .songs(3), includesSeeds: true)
    #expect(try library.numbers(recommender.playlist(with)).contains(10))
  }

  @Test func albumsOfOneNameAreToldApart() throws {
    let library = try InventedLibrary([
      .init(degrees: 0, artist: "Queen", album: "Greatest Hits"),
      .init(degrees: 9, artist: "Abba", album: "Greatest Hits"),
      .init(degrees: 20, artist: "Abba", album: "Arrival"),
    ])
    let recommender = try library.recommender
    #expect(throws: LibraryError.ambiguousAlbum("Greatest Hits", ["Abba – Greatest Hits", "Queen – Greatest Hits"])) {
      try recommender.seed(Seed.Name("Greatest Hits"))
    }
    #expect(try recommender.seed(Seed.Name("Queen – Greatest Hits")).songs == [library.ids[0]])
  }

  @Test func limitsAreHardIfAskedForAndGiveWayIfNot() throws {
    let library = try fan()
    let recommender = try library.recommender
    var request = PlaylistRequest(like: [seed(19)], length: .songs(39))
    request.diversity.perArtist = 1
    let hard = try recommender.playlist(request)
    #expect(hard.songs.count == 14 && Set(hard.songs.map { $0.track.tags.artist }).count == 14)
    request.diversity.isSoft = true
    let soft = try recommender.playlist(request)
    #expect(soft.songs.count == 39 && Array(soft.songs.prefix(14)) == hard.songs)
    request.diversity = Diversity(perAlbum: 2)
    #expect(try recommender.playlist(request).songs.count == 27)
    request.length = .songs(20)
    request.diversity = Diversity(artistInARow: 1)
    let row = try recommender.playlist(request).songs.map { $0.track.tags.artist }
    #expect(row.count == 20 && zip(row, row.dropFirst()).allSatisfy { $0 != $1 })
    request.diversity = Diversity(artistGap: 4)
    let gap = try recommender.playlist(request).songs.map { $0.track.tags.artist }
    for start in 0..<gap.count - 4 { #expect(Set(gap[start..<start + 5]).count == 5) }
  }

  @Test func filtersAreHardAndSayWhatTheyRemove() throws {
    let library = try fan()
    let recommender = try library.recommender
    func numbers(_ filter: TrackFilter) throws -> Set<Int> {
      Set(
        library.numbers(try recommender.playlist(PlaylistRequest(like: [seed(0)], length: .songs(100), filter: filter)))
      )
    }
    #expect(try numbers(TrackFilter(only: [.genre("ROCK")])) == Set(stride(from: 2, to: 40, by: 2)))
    #expect(
      try numbers(TrackFilter(not: [.genre("rock"), .artist("artist 1")])) == Set([1] + stride(from: 7, to: 40, by: 2)))
    #expect(try numbers(TrackFilter(only: [.years(1970...1972), .years(1980...1980)])) == [10, 11, 12, 20])
    #expect(try numbers(TrackFilter(only: [.seconds(40...41.5), .genre("Jazz")])) == [11])
    #expect(try numbers(TrackFilter(only: [.folder("/music/Artist 1")])) == [3, 4, 5])
    #expect(try numbers(TrackFilter(only: [.album("album 2")], not: [.song(library.paths[7])])) == [6, 8])
    try library.catalogue.record(.rating, songs: [library.ids[5], library.ids[6]], value: 5, source: "test", time: 1)
    try library.catalogue.record(.rating, songs: [library.ids[6]], value: 2, source: "test", time: 2)
    #expect(try numbers(TrackFilter(only: [.stars(4...5)])) == [5])

    try library.catalogue.block(.artist("Artist 0"))
    let answer = try recommender.playlist(
      PlaylistRequest(like: [seed(20)], length: .songs(5), filter: TrackFilter(only: [.genre("Jazz")])))
    #expect(answer.filtered.removed.map(\.count) == [3, 18] && answer.filtered.left == 19)
    let high = PlaylistRequest(like: [seed(20)], length: .songs(50), leastSimilarity: 0.99)
    #expect(try recommender.playlist(high).songs.allSatisfy { $0.similarity >= 0.99 })
  }

  @Test func filtersSayWhatNoSongMeets() throws {
    let request = PlaylistRequest(
      like: [seed(10)], length: .songs(3),
      filter: TrackFilter(only: [.genre("Rokc"), .genre("Rock")], not: [.artist("Artist 99"), .years(1700...1701)]))
    let unmet = try fan().recommender.playlist(request).filtered.unmet
    #expect(unmet.map(\.clause) == [.genre("Rokc"), .artist("Artist 99"), .years(1700...1701)])
    #expect(unmet.map(\.near).map(\.first) == ["Rock", "Artist 9", nil])
  }

  @Test func guestsMakeNoOtherArtist() throws {
    let library = try InventedLibrary(
      (0..<8).map { .init(degrees: Double($0), artist: $0 < 4 ? "Main feat. Guest \($0)" : "Other \($0)") })
    let recommender = try library.recommender
    let one = PlaylistRequest(like: [seed(4)], length: .songs(7), diversity: Diversity(perArtist: 1))
    #expect(Set(library.numbers(try recommender.playlist(one))) == [3, 5, 6, 7])
    #expect(try recommender.seed(Seed.Name("Main")).songs == Set(library.ids[..<4]))
    #expect(try recommender.seed(Seed.Name("guest 2")).songs == [library.ids[2]])
    #expect(try recommender.seed(Seed.Name("Main feat. Guest 1")).songs == [library.ids[1]])
    #expect(try recommender.groups(.artist, like: [Seed.Name("Other 4")], count: 9).groups.map(\.name).contains("Main"))
  }

  @Test func lengthInMinutes() throws {
    let library = try fan()
    for minutes in [1.0, 4, 10] {
      let answer = try library.recommender.playlist(PlaylistRequest(like: [seed(20)], length: .minutes(minutes)))
      #expect(abs(answer.seconds - minutes * 60) < 40)
      let path = try library.recommender.playlist(
        PlaylistRequest(stations: [seed(2), seed(37)], length: .minutes(minutes)))
      #expect(abs(path.seconds - max(minutes * 60, 99)) < 70)
    }
  }

  @Test func theSameRandomSeedTheSameList() throws {
    let library = try fan()
    var request = PlaylistRequest(
      like: [seed(20)], length: .songs(10), diversity: Diversity(surprise: 1), randomSeed: 5)
    let one = library.numbers(try library.recommender.playlist(request))
    #expect(one == library.numbers(try library.recommender.playlist(request)))
    request.randomSeed = 6
    #expect(one != library.numbers(try library.recommender.playlist(request)))
    request.diversity.surprise = 0
    #expect(one != library.numbers(try library.recommender.playlist(request)))
  }

  @Test func varietyChoosesSongsUnlikeEachOther() throws {
    let library = try fan()
    func spread(_ variety: Float) throws -> Int {
      let request = PlaylistRequest(like: [seed(20)], length: .songs(6), diversity: Diversity(variety: variety))
      let numbers = library.numbers(try library.recommender.playlist(request))
      return (numbers.max() ?? 0) - (numbers.min() ?? 0)
    }
    #expect(try spread(0) == 6)
    #expect(try spread(0.7) > 12)
  }

  @Test func noRecordingTwice() throws {
    let library = try InventedLibrary((0..<30).map { .init(degrees: Double($0 / 2) * 5, artist: "Artist \($0)") })
    let numbers = library.numbers(
      try library.recommender.playlist(PlaylistRequest(like: [seed(0)], length: .songs(30))))
    #expect(numbers.count == 14 && Set(numbers.map { $0 / 2 }).count == 14 && !numbers.contains(1))
    let path = library.numbers(
      try library.recommender.playlist(PlaylistRequest(stations: [seed(0), seed(29)], length: .songs(12))))
    #expect(path.count == 12 && Set(path.map { $0 / 2 }).count == 12)
  }

  @Test func aSongIsDescribedBesideWhatAPlaylistHasFirst() throws {
    let library = try InventedLibrary((0..<30).map { .init(degrees: Double($0) * 5, artist: "Artist \($0)") })
    // The second is a copy of the first, as `akin duplicates` finds out; the third is blocked.
    let copies = Array(library.ids[0...1])
    try library.catalogue.replaceRecordings { _ in [copies] }
    try library.catalogue.block(.song(library.paths[2]))
    let recommender = try library.recommender
    let song = try recommender.query(named: "Song 0")
    #expect(try recommender.nearest(to: song)?.id == library.ids[3])
    let counts = try [1, 3, 29].map { number in
      try recommender.explanation(of: song, and: recommender.query(named: "Song \(number)")).songCount
    }
    #expect(counts == [28, 28, 28])
  }

  @Test func aPathOfMinutesIsAsLongAsItShouldBeWithSongsOfAnyLength() throws {
    let library = try InventedLibrary(
      (0..<60).map { .init(degrees: Double($0) * 1.5, artist: "A \($0)", duration: $0.isMultiple(of: 7) ? 900 : 60) })
    for minutes in [10.0, 20, 30] {
      let request = PlaylistRequest(stations: [seed(1), seed(58)], length: .minutes(minutes))
      #expect(abs(try library.recommender.playlist(request).seconds - minutes * 60) <= 300)
    }
    #expect(throws: LibraryError.self) {
      try library.recommender.playlist(PlaylistRequest(stations: [seed(1), seed(1)]))
    }
  }

  @Test func whatIsBlockedOrPlayedGoesWithItsCopies() throws {
    let library = try InventedLibrary((0..<30).map { .init(degrees: Double($0 / 2) * 5, artist: "Artist \($0)") })
    try library.catalogue.block(.song(library.paths[4]))
    let request = PlaylistRequest(like: [seed(0)], length: .songs(30), excluded: [library.ids[7]])
    let numbers = Set(library.numbers(try library.recommender.playlist(request)))
    #expect(numbers.count == 12 && numbers.isDisjoint(with: [4, 5, 6, 7]))
  }

  @Test func aPathGoesFromEndToEndInSmallSteps() throws {
    let library = try fan(60)
    let recommender = try library.recommender
    let answer = try recommender.playlist(PlaylistRequest(stations: [seed(3), seed(50)], length: .songs(10)))
    let numbers = library.numbers(answer)
    #expect(numbers.first == 3 && numbers.last == 50 && numbers == numbers.sorted() && numbers.count == 10)
    for (one, other) in zip(numbers, numbers.dropFirst()) { #expect(other - one < 9) }
    let places = answer.songs.map(\.pathPlace)
    #expect(places[0]?.step == nil && answer.songs[0].similarity == 1 && places[9]?.toEnd == 1)
    for place in 1..<10 {
      let query = try recommender.query(named: answer.songs[place - 1].track.displayName)
      let known = try recommender.similar(to: query, count: 59).first { $0.track == answer.songs[place].track }
      #expect(places[place]?.step == known?.similarity)
    }
    let through = PlaylistRequest(stations: [seed(3), seed(50), seed(20)], length: .songs(12))
    let stops = library.numbers(try recommender.playlist(through))
    #expect(stops.first == 3 && stops.last == 20 && stops.contains(50) && Set(stops).count == 12)
    let limited = PlaylistRequest(
      stations: [seed(3), seed(50)], length: .songs(10), diversity: Diversity(perArtist: 1))
    let artists = try recommender.playlist(limited).songs.map { $0.track.tags.artist }
    #expect(artists.count == 10 && Set(artists).count == 10)
    #expect(throws: LibraryError.noSeeds) { try recommender.playlist(PlaylistRequest(stations: [seed(3)])) }
  }

  @Test func aQueueFollowsWhatIsLikedAndRepeatsNothingTooSoon() throws {
    let library = try fan(80, step: 1)
    let recommender = try library.recommender
    var queue = try ListeningQueue(recommender, request: PlaylistRequest(like: [seed(40)]))
    var heard: [Int] = []
    for _ in 0..<60 {
      let song = try #require(try queue.next(1).first)
      heard.append(try #require(library.ids.firstIndex(of: song.track.id)))
      queue.note(.played, song: song.track.id)
    }
    #expect(Set(heard).count == 60 && !heard.contains(40))
    // It goes on when everything was played.
    for _ in 0..<60 { #expect(try queue.next(1).count == 1) }

    func centre(_ kind: Event.Kind, _ song: Int) throws -> Double {
      var queue = try ListeningQueue(recommender, request: PlaylistRequest(like: [seed(40)]))
      queue.note(kind, song: library.ids[song])
      let numbers = library.numbers(try queue.next(8))
      #expect(!numbers.contains(song) || kind == .liked)
      return Double(numbers.reduce(0, +)) / Double(numbers.count)
    }
    let (liked, skipped) = (try centre(.liked, 60), try centre(.skipped, 45))
    #expect(liked > 42 && skipped < 40)

    try library.catalogue.record(.played, songs: Array(library.ids[35..<40]), source: "test", time: 1000)
    var rested = try ListeningQueue(recommender, request: PlaylistRequest(like: [seed(40)]), playedSince: 500)
    #expect(Set(library.numbers(try rested.next(10))).isDisjoint(with: 35..<40))
  }

  @Test func similarArtistsAndAlbums() throws {
    let library = try fan()
    let artists = try library.recommender.groups(.artist, like: [Seed.Name("Artist 5")], count: 3)
    #expect(Set(artists.groups.prefix(2).map(\.name)) == ["Artist 4", "Artist 6"])
    #expect(artists.groups.map(\.songCount) == [3, 3, 3])
    let filter = TrackFilter(not: [.artist("Artist 4"), .artist("Artist 44")])
    let filtered = try library.recommender.groups(.artist, like: [Seed.Name("Artist 5")], count: 3, filter: filter)
    #expect(!filtered.groups.map(\.name).contains("Artist 4"))
    #expect(filtered.filtered.removed.map(\.count) == [3])
    let alike = try library.recommender.groups(
      .artist, like: [Seed.Name("Artist 5")], count: 3, leastSimilarity: artists.groups[1].similarity)
    #expect(alike.groups == Array(artists.groups.prefix(2)))
    #expect(filtered.filtered.unmet.map(\.clause) == [.artist("Artist 44")])
    let albums = try library.recommender.groups(.album, like: [Seed.Name("Album 0")], count: 2)
    #expect(albums.groups.map(\.songCount) == [3, 3] && albums.groups[0].name.hasSuffix("– Album 1"))
  }

  @Test func aMixIsWrittenAnewSomeOfItFresh() throws {
    let library = try fan()
    let file = library.folder("mix.m3u8")
    var mix = SavedMix(
      name: "mine", request: PlaylistRequest(like: [seed(20)], length: .songs(9)), fresh: 1 / 3, file: file)
    let first = library.numbers(try mix.refresh(with: library.recommender, at: 86_400))
    try library.catalogue.store(mix.stored)
    var stored = try SavedMix(try #require(try library.catalogue.mixes().first), library: library.catalogue.path)
    #expect(stored.request == mix.request && stored.refreshed == 86_400)
    let second = library.numbers(try stored.refresh(with: library.recommender, at: 2 * 86_400))
    #expect(first.count == 9 && second.count == 9 && Set(first).intersection(second).count == 6)
  }

  @Test(arguments: [
    ("\"fresh\":0.5", "\"fresh\":-1"), ("\"fresh\":0.5", "\"fresh\":1e19"), ("\"fresh\":0.5", "\"fresh\":-1e308"),
    ("\"fresh\":0.5", "\"fresh\":1e10"), ("\"artistInARow\":1", "\"artistInARow\":-1"),
    ("\"_0\":10", "\"_0\":-10"), ("\"_0\":10", "\"_0\":9223372036854775807"), ("\"variety\":0", "\"variety\":7"),
    ("\"weight\":1", "\"weight\":-1"),
  ])
  func aMixThatNobodyCanHaveSavedIsDamaged(before: String, after: String) throws {
    let library = try fan()
    let mix = SavedMix(
      name: "m",
      request: PlaylistRequest(
        like: [seed(3)], length: .songs(10), diversity: Diversity(artistInARow: 1)), fresh: 0.5, file: "/m.m3u")
    var stored = mix.stored
    let whole = try LibraryCheck(library.catalogue)
    try #require(stored.request.contains(before), "\(stored.request)")
    stored.request = stored.request.replacing(before, with: after)
    try library.catalogue.store(stored)
    #expect(throws: FileError.self) { try SavedMix(stored, library: "library") }
    let check = try LibraryCheck(library.catalogue)
    #expect(whole.faults.isEmpty && check.faults.count == 1 && check.faults.first?.reason.contains("“m”") == true)
  }

  @Test func whatAMixHadRestsAndAllNearItTakeTurns() throws {
    /// The lists of a mix of nine songs that is stored between refreshes.
    func lists(of songCount: Int, refreshes: Int, fresh: Double = 1 / 3) throws -> [[Int]] {
      let library = try fan(songCount)
      let recommender = try library.recommender
      var mix = SavedMix(
        name: "mine", request: PlaylistRequest(like: [seed(songCount / 2)], length: .songs(9)), fresh: fresh,
        file: library.folder("mix.m3u8"))
      return try (0..<refreshes).map { _ in
        let list = library.numbers(try mix.refresh(with: recommender, at: 86_400))
        try library.catalogue.store(mix.stored)
        mix = try SavedMix(try #require(try library.catalogue.mixes().first), library: library.catalogue.path)
        return list
      }
    }
    let all = try lists(of: 100, refreshes: 40)
    #expect(try lists(of: 100, refreshes: 40) == all)
    for (place, list) in all.enumerated().dropFirst() {
      #expect(list.count == 9)
      let fresh = Set(list).subtracting(all[place - 1])
      #expect(fresh.count == 3)
      for earlier in all[max(0, place - 8)..<place] { #expect(fresh.isDisjoint(with: earlier), "refresh \(place)") }
    }
    // Nine in the list and 36 that rest: the 45 to 49 nearest, and no others.
    let heard = Set(all.joined())
    #expect((45...50).contains(heard.count) && heard.allSatisfy { abs($0 - 50) <= 25 })
    // Where there are no others, those that have rested longest come again.
    let few = try lists(of: 16, refreshes: 12)
    #expect(few.allSatisfy { $0.count == 9 } && Set(few.joined()).count == 15)
  }
}
