import Catalogue
import Tags
import Testing

@Suite struct NameTests {
  private func track(_ path: String, _ tags: AudioTags) -> IndexedTrack {
    IndexedTrack(path: path, fileSize: 1, modificationTime: 1, tags: tags)
  }

  @Test func everyArtistAndGenreIsFoundInAnySpelling() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store([
        track("/1", AudioTags(artists: ["Bj\u{F6}rk", "Guns N\u{2019} Roses"], genres: ["Rock", "Folk"])),
        track("/2", AudioTags(artists: ["guns n' roses"], albumArtists: ["Various"], genres: ["rock"])),
        track("/3", AudioTags(artists: ["GUNS N' ROSES", "Bjo\u{308}rk"], genres: ["Rock"])),
        track("/4", AudioTags(artists: ["guns n' roses"])),
      ])
      #expect(try catalogue.names(.artist).map { "\($0.name): \($0.count)" } == ["guns n' roses: 4", "Bj\u{F6}rk: 2"])
      #expect(try catalogue.names(.genre).map { "\($0.name): \($0.count)" } == ["Rock: 3", "Folk: 1"])
      #expect(try catalogue.tracks(.artist, named: "Guns N` Roses").map(\.path) == ["/1", "/2", "/3", "/4"])
      #expect(try catalogue.tracks(.artist, named: "bj\u{F6}rk").map(\.path) == ["/1", "/3"])
      #expect(try catalogue.tracks(.genre, named: "FOLK").map(\.path) == ["/1"])
      #expect(try catalogue.tracks(.albumArtist, named: "various").map(\.path) == ["/2"])
      // What a track is named anew, or forgotten, is not found by its old names.
      let ids = try catalogue.store([track("/1", AudioTags(artists: ["Other"]))])
      #expect(try catalogue.tracks(.artist, named: "Bj\u{F6}rk").map(\.path) == ["/3"])
      try catalogue.forget(ids)
      #expect(try catalogue.tracks(.artist, named: "Other").isEmpty)
    }
  }

  @Test func allTagsComeBack() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      var tags = AudioTags(
        title: "T", artists: ["A; with a mark", "B"], album: "L", albumArtists: ["C"], genres: ["G", "H"], date: "1999",
        track: 3)
      (tags.composers, tags.originalDate, tags.trackTotal) = (["X", "Y"], "1998-01", 12)
      (tags.disc, tags.discTotal, tags.isCompilation, tags.isrcs) = (1, 2, false, ["I", "J"])
      (tags.musicBrainz.recording, tags.musicBrainz.track, tags.musicBrainz.release) = ("r", "t", "l")
      (tags.musicBrainz.releaseGroup, tags.musicBrainz.artists) = ("g", ["a", "b"])
      tags.musicBrainz.albumArtists = ["c"]
      (tags.replayGain.track, tags.replayGain.trackPeak) = (-7.5, 0.9)
      (tags.replayGain.album, tags.replayGain.albumPeak) = (-0.0, 1.1)
      let ids = try catalogue.store([track("/1", tags)])
      #expect(try catalogue.tracks(ids: ids)[ids[0]]?.tags == tags)
    }
  }

  @Test func aCodePageStaysWithItsTrack() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      var misread = AudioTags(title: "\u{CA}\u{E8}\u{ED}\u{EE}", artists: ["\u{C4}\u{C4}\u{D2}"])
      misread.undeclared = [.title, .artists]
      let ids = try catalogue.store([track("/m/a/1", misread), track("/m/a/b/2", misread), track("/m/ab/3", misread)])
      let cyrillic = try #require(LegacyCharset(named: "CP1251"))
      try catalogue.update(tags: [ids[0]: misread], charset: cyrillic)
      let found = try catalogue.tracks(inFolder: "/m/a")
      #expect(found.map(\.track.path) == ["/m/a/1"] && found.map(\.charset) == [cyrillic])
      #expect(found[0].track.tags.title == "Кино")
      #expect(try catalogue.tracks(.artist, named: "ддт").map(\.path) == ["/m/a/1"])
      #expect(try catalogue.search("кино").map(\.path) == ["/m/a/1"])
      // Also if the file is read again.
      try catalogue.update(tags: [ids[0]: misread])
      try catalogue.store([track("/m/a/1", misread)])
      #expect(try catalogue.track(path: "/m/a/1")?.tags.title == "Кино")
      #expect(try catalogue.track(path: "/m/a/b/2")?.tags == misread)
    }
  }

  @Test func tagsThatAnEarlierVersionReadAreListed() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      var old = track("/m/1", AudioTags(title: "Old"))
      old.tagVersion = 0
      let ids = try catalogue.store([old, track("/m/2", AudioTags(title: "New")), track("/n", AudioTags())])
      #expect(try catalogue.tagStates(under: "/m", areAllWanted: false).map(\.id) == [ids[0]])
      #expect(try catalogue.tagStates(under: "/m", areAllWanted: true).map(\.id) == [ids[0], ids[1]])
      try catalogue.update(tags: [ids[0]: AudioTags(title: "Read again")])
      #expect(try catalogue.tagStates(under: "/", areAllWanted: false).isEmpty)
      #expect(try catalogue.track(path: "/m/1")?.tags.title == "Read again")
    }
  }
}
