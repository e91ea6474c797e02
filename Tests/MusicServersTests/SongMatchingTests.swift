import Catalogue
import MusicServers
import Testing

@Suite struct SongMatchingTests {
  private func track(
    _ id: Int64, _ path: String, title: String? = nil, artist: String? = nil, album: String? = nil, number: Int? = nil,
    duration: Double = 200
  ) -> Track {
    Track(
      id: TrackID(rawValue: id), path: path, source: SongSource(file: path),
      tags: AudioTags(title: title, artists: [artist].compactMap(\.self), album: album, track: number),
      duration: duration, fileSize: 1, modificationTime: 1)
  }

  private func song(
    _ id: String, _ title: String, artist: String? = nil, album: String? = nil, number: Int? = nil,
    duration: Double? = 200, path: String? = nil
  ) -> ServerSong {
    ServerSong(
      id: id, title: title, artists: artist.map { [ServerSong.Artist(id: "artist of " + id, name: $0)] } ?? [],
      album: album, track: number, duration: duration, path: path)
  }

  private func found(_ matching: SongMatching) -> [String: Int64] { matching.songs.mapValues(\.rawValue) }

  @Test func theEndsOfPathsTell() {
    let tracks = [
      track(1, "/home/me/Music/A/One/01.mp3"), track(2, "/home/me/Music/A/Two/01.mp3"),
      track(3, "/home/me/Music/B/One/01.mp3"), track(4, "/home/me/Music/loose.mp3"),
      track(5, "/home/me/Music/Bj\u{F6}rk/x.mp3"),
    ]
    let matching = SongMatching(
      of: [
        song("below a root", "a", path: "A/One/01.mp3"), song("another root", "b", path: "/srv/music/A/Two/01.mp3"),
        song("Windows", "c", path: #"D:\Music\B\One\01.mp3"#), song("at the top", "d", path: "loose.mp3"),
        song("two spellings of ö", "e", path: "Bjo\u{308}rk/x.mp3"), song("gone", "f", path: "A/Three/01.mp3"),
      ], with: tracks)
    #expect(
      found(matching) == [
        "below a root": 1, "another root": 2, "Windows": 3, "at the top": 4, "two spellings of ö": 5,
      ])
    #expect(matching.counts == [.path: 5] && matching.missing.map(\.id) == ["gone"])
  }

  @Test func aPathThatTwoFitOrOfAnotherLengthTellsNothing() {
    let tracks = [
      track(1, "/m/A/CD1/01.mp3", title: "One", artist: "A"), track(2, "/m/B/CD1/01.mp3", title: "Two", artist: "B"),
      track(3, "/m/C/CD2/01.mp3", duration: 100),
    ]
    let matching = SongMatching(
      of: [
        song("x", "Two", artist: "b", path: "CD1/01.mp3"), song("y", "Three", artist: "C", path: "CD2/01.mp3"),
      ], with: tracks)
    #expect(found(matching) == ["x": 2] && matching.counts == [.tags: 1])
    #expect(matching.artists == ["artist of x": "b"])
  }

  @Test func tagsTellAmongSongsOfOneName() {
    let tracks = [
      track(1, "/m/1.mp3", title: "Intro", artist: "A", album: "First", number: 1),
      track(2, "/m/2.mp3", title: "Intro", artist: "A", album: "Second", number: 1),
      track(3, "/m/3.mp3", title: "Intro", artist: "A", album: "Second", number: 9),
      track(4, "/m/4.mp3", title: "Intro", artist: "B"),
      track(5, "/m/5.mp3", title: "Intro", artist: "A", album: "First", number: 1, duration: 30),
      track(6, "/m/no tags.mp3"),
    ]
    let matching = SongMatching(
      of: [
        song("a", "INTRO", artist: "A", album: "second", number: 9), song("b", "Intro", artist: "A", album: "First"),
        song("c", "Intro", artist: "B", duration: 202), song("d", "Intro", artist: "C"),
        song("e", "Intro", artist: "A", album: "First", number: 1, duration: 31),
        song("f", "no tags", duration: nil, path: "[Unknown Artist]/[Unknown Album]/no tags.mp3"),
        // Fits the second song of the album less well than another does, and is left with none.
        song("g", "Intro", artist: "A", album: "Second", number: 1), song("h", "Intro", artist: "A", album: "Second"),
      ], with: tracks)
    #expect(found(matching) == ["a": 3, "b": 1, "c": 4, "e": 5, "f": 6, "g": 2])
    #expect(matching.missing.map(\.id) == ["d", "h"])
  }

  @Test func addressesAreChecked() throws {
    let address = try ServerAddress("HTTP://anna@nas:4533/music//")
    #expect(address.url == "http://nas:4533/music" && address.user == "anna")
    for text in [
      "nas:4533", "ftp://nas", "http://", "", "http://nas/?a=b", "http://nas:0", "http://nas:99999",
      "http://anna:secret@nas",
    ] {
      #expect(throws: MusicServerError.self, "\(text)") { try ServerAddress(text) }
    }
  }
}
