import Catalogue
import Files
import Foundation
import MusicLibrary
import TestSupport
import Testing

/// Playlists as other programs write and read them.
@Suite struct PlaylistFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func paths(_ content: String, as name: String) throws -> [String] {
    try folder.write(content, to: name)
    return try Playlist.paths(inFile: folder(name))
  }

  /// Tracks of a catalogue that is made for them.
  private func tracks(_ paths: [String], title: String, duration: Double) throws -> [Track] {
    let catalogue = try Catalogue(path: folder("\(UUID().uuidString).sqlite"))
    let ids = try catalogue.store(
      paths.map {
        IndexedTrack(path: $0, fileSize: 1, modificationTime: 1, tags: AudioTags(title: title), duration: duration)
      })
    let tracks = try catalogue.tracks(ids: ids)
    return ids.compactMap { tracks[$0] }
  }

  @Test func m3u() throws {
    let text =
      "\u{FEFF}#EXTM3U\r\n#EXTINF:3,A - B\r\nsub/ä b.mp3\r\n\r\n/abs/c#d.flac\r\nfile:///x%20y/%C3%A9.ogg\r\nhttp://a.b/c.mp3\r\n"
    #expect(try paths(text, as: "a.m3u8") == [folder("sub/ä b.mp3"), "/abs/c#d.flac", "/x y/é.ogg"])
    try Data([0x2F, 0x61, 0xE9, 0x0A]).write(to: URL(filePath: folder("latin.m3u")))
    #expect(try Playlist.paths(inFile: folder("latin.m3u")) == ["/aé"])
  }

  @Test func pls() throws {
    let text = "[playlist]\nFile2=b.mp3\nTitle2=B\nFile1=/a.mp3\nFile10=../c.mp3\nNumberOfEntries=3\nVersion=2\n"
    let above = (folder.path as NSString).deletingLastPathComponent
    #expect(try paths(text, as: "a.pls") == ["/a.mp3", folder("b.mp3"), above + "/c.mp3"])
  }

  @Test func xspf() throws {
    let text = """
      <?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><location>no.mp3</location><trackList>
      <track><location>file:///m/a%20%26%20b.mp3</location></track><track><location> rel/c%23.mp3
      </location><title>x</title></track><!-- <track><location>no</location></track> --><track>
      <location><![CDATA[c&d.mp3]]></location></track><track><location>e&amp;f&#x2e;mp3</location><image/></track>
      <track><title>without</title></track></trackList></playlist>
      """
    #expect(
      try paths(text, as: "a.xspf") == ["/m/a & b.mp3", folder("rel/c#.mp3"), folder("c&d.mp3"), folder("e&f.mp3")])
    #expect(throws: FileError.self) { try paths(String(text.dropLast(20)), as: "b.xspf") }
    #expect(throws: FileError.self) { try Playlist.paths(inFile: folder("missing.m3u")) }
  }

  @Test func xspfHoldsAnyPath() throws {
    let names = ["/m/<&>\"'.mp3", "/m/line\nend.mp3", "/m/50%.flac", "/m/ä#?.ogg"]
    let tracks = try tracks(names, title: "<b>\u{1B}[31m & \u{FFFE}", duration: 1.5)
    let text = Playlist(tracks: tracks).xspf(title: "a & b")
    #expect(!text.unicodeScalars.contains("\u{1B}") && text.contains("<duration>1500</duration>"))
    #expect(try paths(text, as: "all.xspf") == names)
  }

  @Test func songsAreAddedToAnM3U() throws {
    try folder.write("#EXTM3U\n# mine\na.mp3", to: "list.m3u")
    try Playlist.append(tracks([folder("sub/b.mp3")], title: "T", duration: 2), toM3U: folder("list.m3u"))
    let text = try String(contentsOf: URL(filePath: folder("list.m3u")), encoding: .utf8)
    #expect(text == "#EXTM3U\n# mine\na.mp3\n#EXTINF:2,T\nsub/b.mp3\n")
    try folder.write("/a.mp3\n", to: "plain.m3u")
    try Playlist.append(tracks(["/m/b.mp3"], title: "T", duration: 2), toM3U: folder("plain.m3u"))
    #expect(try String(contentsOf: URL(filePath: folder("plain.m3u")), encoding: .utf8) == "/a.mp3\n/m/b.mp3\n")
  }

  @Test func addedLinesAreLikeTheListsOwn() throws {
    try folder.write("#EXTM3U\r\nhttp://radio.example/stream\r\na.mp3\r\n", to: "list.m3u")
    try Playlist.append(tracks([folder("sub/b.mp3")], title: "T", duration: 2), toM3U: folder("list.m3u"))
    let text = try String(contentsOf: URL(filePath: folder("list.m3u")), encoding: .utf8)
    #expect(text == "#EXTM3U\r\nhttp://radio.example/stream\r\na.mp3\r\n#EXTINF:2,T\r\nsub/b.mp3\r\n")
  }

  @Test func whatAListHasIsLookedUpOnceAndWhatDoesNotCountIsSaid() throws {
    let library = try InventedLibrary((0..<6).map { .init(degrees: Double($0) * 5, artist: "Artist \($0)") })
    let recommender = try library.recommender
    let path = folder("list.m3u")
    func seed(_ lines: [String]) throws -> Seed {
      try folder.write(lines.joined(separator: "\n"), to: "list.m3u")
      return try recommender.seed(Seed.Name(path, kind: .playlist))
    }
    let (one, two) = ("/music/Artist 1/1.flac", "/music/Artist 2/2.flac")
    #expect(try seed([two, one, two]).note == nil)
    #expect(try recommender.listedSongs(inPlaylist: path).songs == [library.ids[2], library.ids[1]])
    let equal = try recommender.playlist(PlaylistRequest(like: [Seed.Name(path)], length: .songs(4)))
    #expect(try seed([two, one] + Array(repeating: two, count: 20)).songs.count == 2)
    #expect(
      try recommender.playlist(PlaylistRequest(like: [Seed.Name(path)], length: .songs(4))).songs == equal.songs)

    #expect(try seed([one, "http://a.example/b"]).note == "\(path): 1 address is no file; the rest counts")
    let lost = try seed([one, "/gone.mp3", "/lost.mp3"]).note
    #expect(lost == "\(path): /gone.mp3 cannot be found, and 1 more; the rest counts")
    try folder.write("no music", to: "garbage.mp3")
    let garbage = try #require(try seed([one, folder("garbage.mp3")]).note)
    #expect(garbage.contains("garbage.mp3") && !garbage.contains("cannot be found"), "\(garbage)")

    #expect(throws: LibraryError.noSongs(path)) { try seed(["# nothing"]) }
    #expect(throws: LibraryError.lostSongs(path, count: 2, example: "/gone.mp3 cannot be found")) {
      try seed(["/gone.mp3", "/lost.mp3"])
    }
  }
}
