import Catalogue
import Testing

/// Users, and what each of them keeps.
@Suite struct UserTests {
  private func withSongs(_ body: (Catalogue, [TrackID]) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/library.sqlite")
      try catalogue.store(model: sampleModel())
      try body(catalogue, catalogue.store((1...4).map { sampleTrack($0) }))
    }
  }

  @Test func playlistsKeepSongsThatGoAndComeBack() throws {
    try withSongs { catalogue, ids in
      let id = try catalogue.addPlaylist(owner: "a", name: "L", songs: [ids[0], ids[1], ids[1], ids[2]], time: 1)
      try catalogue.forget([ids[1]])
      #expect(try catalogue.playlist(id)?.songs == [ids[0], ids[2]])
      // The place 1 is that of the second song that is there.
      var change = Catalogue.PlaylistChange()
      (change.removed, change.added, change.name) = ([1], [ids[3]], "M")
      #expect(try catalogue.change(playlist: id, change, time: 2))
      let again = try catalogue.store([sampleTrack(2)])[0]
      let list = try #require(try catalogue.playlist(id))
      #expect(
        list.songs == [ids[0], again, again, ids[3]] && list.name == "M" && list.created == 1 && list.changed == 2)
      #expect(try catalogue.removePlaylist(id) && !catalogue.removePlaylist(id))
      #expect(try !catalogue.change(playlist: id, change, time: 3))
    }
  }

  @Test func aQueueKnowsItsPlace() throws {
    try withSongs { catalogue, ids in
      let queue = Catalogue.PlayQueue(songs: ids, current: 2, position: 7, changed: 1, changedBy: "p")
      try catalogue.store(queue, of: "a")
      #expect(try catalogue.playQueue(of: "a") == queue && catalogue.playQueue(of: "b") == nil)
      try catalogue.forget([ids[0]])
      #expect(try catalogue.playQueue(of: "a")?.current == 1)
      try catalogue.store(nil, of: "a")
      #expect(try catalogue.playQueue(of: "a") == nil)
    }
  }

  @Test func starsRatingsAndPlays() throws {
    try withSongs { catalogue, ids in
      try catalogue.star(ids[0], of: "a", source: "p", time: 5)
      try catalogue.star(ids[0], of: "a", source: "p", time: 6)
      try catalogue.star(group: "al-1", of: "a", time: 7)
      try catalogue.star(group: "al-1", of: "a", time: 8)
      try catalogue.rate(group: "al-1", 4, of: "a")
      try catalogue.record(.rating, songs: [ids[1]], value: 2, source: "p", time: 1)
      try catalogue.record(.rating, songs: [ids[1]], value: 5, source: "p", time: 2)
      try catalogue.record(.rating, songs: [ids[2]], value: 5, source: "p", time: 1)
      try catalogue.record(.rating, songs: [ids[2]], value: 0, source: "p", time: 2)
      for time in [3.0, 9, 6] { try catalogue.record(.played, songs: [ids[3]], source: "p", time: time) }
      let marks = try catalogue.marks(of: "a")
      #expect(
        marks.starredSongs == [ids[0]: 5] && marks.starredGroups == ["al-1": 7] && marks.groupRatings == ["al-1": 4])
      #expect(marks.ratings == [ids[1]: 5] && marks.plays[ids[3]]?.count == 3 && marks.plays[ids[3]]?.last == 9)
      #expect(try catalogue.marks(of: "b").starredSongs.isEmpty && catalogue.events([.liked]).count == 1)
      // A star goes with its song, and takes its event along.
      try catalogue.forget([ids[0]])
      let again = try catalogue.store([sampleTrack(1)])[0]
      #expect(try catalogue.marks(of: "a").starredSongs == [again: 5])
      try catalogue.unstar(again, of: "a", time: 10)
      try catalogue.star(group: "al-1", of: "a", time: nil)
      let after = try catalogue.marks(of: "a")
      #expect(after.starredSongs.isEmpty && after.starredGroups.isEmpty && after.groupRatings == ["al-1": 4])
      #expect(try catalogue.events([.liked]).isEmpty)
    }
  }

  @Test func bookmarksAreOneInASong() throws {
    try withSongs { catalogue, ids in
      try catalogue.storeBookmark(in: ids[0], at: 5, comment: "x", of: "a", time: 1)
      try catalogue.storeBookmark(in: ids[0], at: 6, comment: "y", of: "a", time: 2)
      let bookmarks = try catalogue.bookmarks(of: "a")
      #expect(bookmarks.map(\.position) == [6] && bookmarks[0].created == 1 && bookmarks[0].changed == 2)
      #expect(try catalogue.removeBookmark(in: ids[0], of: "a") && !catalogue.removeBookmark(in: ids[0], of: "a"))
    }
  }

  @Test func aUserTakesWhatItKeptAlong() throws {
    try withSongs { catalogue, ids in
      _ = try catalogue.addPlaylist(owner: "", name: "L", songs: ids, time: 1)
      try catalogue.store(.init(songs: ids, current: 1, position: 0, changed: 1, changedBy: "p"), of: "")
      try catalogue.store(Catalogue.User(name: "a", password: [1, 2], created: 1))
      try catalogue.store(Catalogue.User(name: "b", password: [3], created: 1))
      try catalogue.store(Catalogue.User(name: "a", password: [4], created: 2))
      #expect(try catalogue.users().map(\.password) == [[4], [3]] && catalogue.users()[0].created == 1)
      #expect(try catalogue.playlists().map(\.owner) == ["a"] && catalogue.playQueue(of: "a")?.songs == ids)
      try catalogue.addAPIKey(digest: "d", of: "a", time: 1)
      #expect(try catalogue.user(apiKeyDigest: "d") == "a" && catalogue.apiKeys(of: "b").isEmpty)
      #expect(try catalogue.removeUser(named: "a") && !catalogue.removeUser(named: "a"))
      #expect(try catalogue.playlists().isEmpty && catalogue.apiKeys().isEmpty && catalogue.playQueue(of: "a") == nil)
    }
  }
}
