import Tags
import Testing

@Suite struct TagFieldsTests {
  private func tags(_ fields: [(String, String)], kind: String = "ID3v2.4") -> AudioTags {
    var all = TagFields()
    for (name, value) in fields { all.add(value, to: name, kind: kind) }
    return AudioTags(all) { [17: "Rock", 79: "Hard Rock"][$0] }
  }

  @Test(arguments: [
    ("Vorbis", ["A", "B"], ["A", "B"]), ("Vorbis", ["A", "A", " ", "B ", "a"], ["A", "B"]),
    ("ID3v2.3", ["Simon; Garfunkel"], ["Simon", "Garfunkel"]),
    ("ID3v2.3", ["Simon/Garfunkel"], ["Simon", "Garfunkel"]),
    ("ID3v2.4", ["Simon/Garfunkel"], ["Simon/Garfunkel"]), ("ID3v2.3", ["AC/DC"], ["AC/DC"]),
    ("ID3v2.3", ["Their / They're / There"], ["Their / They're / There"]),
    ("ID3v2.4", ["Simon &amp; Garfunkel"], ["Simon &amp; Garfunkel"]), ("APEv2", [";"], []),
    ("ID3v2.4", ["Simon &amp; Garfunkel; Other"], ["Simon &amp; Garfunkel", "Other"]),
    ("Vorbis", ["Beyonc&eacute;;Guns N&#8217; R.;&#x41;; B"], ["Beyonc&eacute;", "Guns N&#8217; R.", "&#x41;", "B"]),
    ("Vorbis", ["R&B; Drum&Bass;Rock &amp"], ["R&B", "Drum&Bass", "Rock &amp"]),
  ])
  func severalArtists(kind: String, values: [String], artists: [String]) {
    let tags = tags(values.map { ("ARTIST", $0) }, kind: kind)
    #expect(tags.artists == artists)
    #expect(tags.artist == (artists.isEmpty ? nil : artists.joined(separator: "; ")))
  }

  @Test func aPhraseOfSeveralArtistsIsTheArtistsThatAreNamedApart() {
    #expect(tags([("ARTIST", "A feat. B"), ("ARTISTS", "A"), ("ARTISTS", "B")]).artists == ["A", "B"])
    #expect(tags([("ARTIST", "A"), ("ARTISTS", "A")]).artists == ["A"])
  }

  @Test(arguments: [
    (["17"], ["Rock"]), (["(17)"], ["Rock"]), (["(17)Hard Rock"], ["Rock", "Hard Rock"]),
    (["(17)(79)"], ["Rock", "Hard Rock"]),
    (["RX", "CR"], ["Remix", "Cover"]), (["(RX)"], ["Remix"]), (["1980"], ["1980"]),
    (["Jazz", "Rock; Jazz"], ["Jazz", "Rock"]),
    (["(live)"], ["(live)"]), (["R&B/Soul"], ["R&B/Soul"]),
  ])
  func genres(values: [String], genres: [String]) {
    #expect(tags(values.map { ("GENRE", $0) }).genres == genres)
  }

  @Test func numbersDatesAndFlags() {
    let tags = tags([
      ("TRACKNUMBER", "03/12"), ("disc", "0/2"), ("Date", "2001-05-09"), ("ORIGINALDATE", "19991231"),
      ("COMPILATION", "1"), ("ISRC", "DEF123"), ("ISRC", "GHI456"),
    ])
    #expect((tags.track, tags.trackTotal, tags.disc, tags.discTotal) == (3, 12, nil, 2))
    #expect((tags.year, tags.originalYear, tags.isCompilation) == (2001, 1999, true))
    #expect(tags.isrcs == ["DEF123", "GHI456"])
    #expect(self.tags([("TRACK", "A1"), ("YEAR", "98")]).track == nil)
    #expect(self.tags([("TRACKNUMBER", "7"), ("TOTALTRACKS", "9"), ("COMPILATION", "0")]).trackTotal == 9)
    #expect(self.tags([("COMPILATION", "0")]).isCompilation == false && self.tags([]).isCompilation == nil)
  }

  @Test func identifiersAndGains() {
    let (one, two) = ("0a1b2c3d-0000-4000-8000-00000000000a", "0a1b2c3d-0000-4000-8000-00000000000b")
    let tags = tags([
      ("MusicBrainz Artist Id", "\(one)/\(two.uppercased())"), ("MUSICBRAINZ_TRACKID", one),
      ("MusicBrainz/Album Id", two),
      ("MUSICBRAINZ_RELEASETRACKID", "not one"), ("replaygain_track_gain", "-7.03 dB"),
      ("REPLAYGAIN_TRACK_PEAK", "0,988"), ("R128_ALBUM_GAIN", "-512"),
    ])
    #expect(tags.musicBrainz.artists == [one, two] && tags.musicBrainz.recording == one)
    #expect(tags.musicBrainz.release == two && tags.musicBrainz.track == nil)
    #expect((tags.replayGain.track, tags.replayGain.trackPeak, tags.replayGain.album) == (-7.03, 0.988, 3))
  }

  @Test func theFirstKindOfTagThatHasAFieldIsBelieved() {
    var fields = TagFields()
    fields.add("From the first", to: "TITLE", kind: "ID3v2.4")
    fields.add("From the second", to: "title", kind: "APEv2")
    fields.add("Only in the second", to: "album", kind: "APEv2")
    let tags = AudioTags(fields) { _ in nil }
    #expect((tags.title, tags.album) == ("From the first", "Only in the second"))
  }
}
