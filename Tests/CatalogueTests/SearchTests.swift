import Catalogue
import Testing

@Suite struct SearchTests {
  static let songs: [(path: String, title: String?, artist: String?, albumArtist: String?)] = [
    ("/1", "So What", "Miles Davis", nil),
    ("/2", "So What Else", "Someone", nil),
    ("/3", "Also: so what?", "Miles Ahead", nil),
    ("/4", "J\u{F3}ga", "Bj\u{F6}rk", nil),
    ("/5", "Jo\u{301}ga (live)", "Bjo\u{308}rk", nil),
    ("/6", "100% _pure_ \\ 'love'", nil, nil),
    ("/folder/Untitled Demo.mp3", nil, nil, "Various Artists"),
    ("/8", "ПЕСНЯ", "Исполнитель", nil),
    ("/9", "a\0b", "Nul", nil),
  ]

  @Test(arguments: [
    ("so what", ["/1", "/2", "/3"]), ("WHAT else", ["/2"]), ("davis so", ["/1"]), ("miles", ["/1", "/3"]),
    ("bjork joga", ["/4", "/5"]), ("BJÖRK", ["/4", "/5"]), ("bjo\u{308}rk", ["/4", "/5"]), ("jóga", ["/4", "/5"]),
    ("100%", ["/6"]), ("_pure_", ["/6"]), ("'love'", ["/6"]), ("\\", []), ("%", []), ("_", []),
    ("untitled demo", ["/folder/Untitled Demo.mp3"]), ("various", ["/folder/Untitled Demo.mp3"]),
    ("песня", ["/8"]), ("folder", []), ("", []), (" \n", []), ("nothing like it", []), ("\0", []), ("a b nul", ["/9"]),
  ])
  func findsEveryWordWhateverItsForm(text: String, expected: [String]) throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(
        Self.songs.map {
          IndexedTrack(
            path: $0.path, fileSize: 1, modificationTime: 1,
            tags: AudioTags(
              title: $0.title, artists: [$0.artist].compactMap(\.self),
              albumArtists: [$0.albumArtist].compactMap(\.self)))
        })
      #expect(try catalogue.search(text).map(\.path) == expected)
      #expect(try catalogue.search(text, limit: 1).map(\.path) == Array(expected.prefix(1)))
      #expect(try catalogue.search(text, limit: 0).isEmpty)
    }
  }
}
