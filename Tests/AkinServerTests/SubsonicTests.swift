import Catalogue
import Foundation
import Testing

import AkinServer

/// OpenSubsonic through the router. Tests/Peers compares every answer with the API's own description.
@Suite struct SubsonicTests {
  private let library: ServedSongs

  init() throws { library = try ServedSongs() }

  @Test func recommendsAndFindsAWay() async throws {
    do {
      let client = library.client()
      let songs = try await client.songs()
      #expect(songs.count == 12)
      let similar = try await client.ask("getSonicSimilarTracks.view?id=\(songs[0])&count=2")
      let matches = try #require(similar["sonicMatch"] as? [[String: Any]])
      #expect(matches.count == 2)
      for match in matches {
        #expect((match["entry"] as? [String: Any])?["artist"] as? String == "Artist 0")
        #expect((0...1).contains(match["similarity"] as? Double ?? -1))
      }
      let path = try await client.ask("findSonicPath?startSongId=\(songs[0])&endSongId=\(songs[11])&count=6")
      let ids = try #require(path["sonicMatch"] as? [[String: Any]]).map {
        ($0["entry"] as? [String: Any])?["id"] as? String
      }
      #expect(ids.first == songs[0] && ids.last == songs[11] && ids.count <= 6)
    }
  }

  @Test func nothingInARequestCrashes() async throws {
    do {
      let client = library.client()
      let odd = [
        "", "so-", "so-9999999999999999999", "so--1", "al-", "ar-x", "pl-1", "-", "1", "%F0%9F%8E%B5", "a&id=b",
        "..%2F..",
        "-9223372036854775808", "9223372036854775807", "1e400", "nan", "%0A",
      ]
      for name in SubsonicRoutes.names {
        // An indexing would go on beside the others.
        if name == "startScan" { continue }
        for value in odd {
          let parameters = [
            "id", "query", "type", "size", "count", "songCount", "offset", "genre", "fromYear", "rating", "position",
            "currentIndex", "startSongId", "endSongId", "username", "playlistId", "name", "timeOffset", "maxBitRate",
          ].map { "\($0)=\(value)" }.joined(separator: "&")
          _ = try await client.ask("\(name)?\(parameters)")
        }
      }
      // What cannot be read does not say in which form the answer should be.
      #expect(try await client.response("/rest/getSong?id=%FF&f=json").text.contains("code=\"0\""))
      #expect(try await client.error("nothing") == 0)
      #expect(try await client.error("getSong") == 10)
      #expect(try await client.response("/rest/ping?f=jsonp").body.isEmpty == false)
    }
  }

  @Test func textsAreTheSameInJSONAndXML() throws {
    let text = "a<b>&\"c\" \u{1}\n'é"
    let object = SubsonicObject([
      "text": .text(text), "similarity": .both(0.5), "value": .content(text), "none": nil, "flag": true,
      "list": .list([SubsonicObject(["number": 1])]), "empty": .list([]), "numbers": .integers([1, 2]),
    ])
    let escaped = "a&lt;b&gt;&amp;&quot;c&quot; \u{FFFD}&#10;'é"
    #expect(
      object.xml(named: "o")
        == "<o text=\"\(escaped)\" similarity=\"0.5\" flag=\"true\"><similarity>0.5</similarity>\(escaped)"
        + "<list number=\"1\"/><numbers>1</numbers><numbers>2</numbers></o>")
    let json = try JSONSerialization.jsonObject(with: Data(object.json.utf8)) as? [String: Any]
    #expect(json?["text"] as? String == "a<b>&\"c\" \u{FFFD}\n'é" && (json?["empty"] as? [Any])?.isEmpty == true)
  }

  @Test func whatWasPlayedInAnotherAgeIsRefused() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    for time in ["9223372036854775807", "-1", "4102444800000", "x"] {
      #expect(try await client.error("scrobble?id=so-1&time=\(time)") == 0, "\(time)")
    }
    #expect(try await client.ask("scrobble?id=so-1&time=1700000000000")["status"] as? String == "ok")
    #expect(try songs.catalogue.events([.played]).map(\.time) == [1_700_000_000])
  }

  @Test(arguments: [Int.min, .max, 3_600_000])
  func anOffsetOfAnotherAgeIsNone(offset: Int) {
    #expect(Lyrics(lrc: "[offset:\(offset)]\n[00:01]a").lines == [.init(start: 1000, text: "a")])
  }

  @Test func lyricsHaveTimes() {
    let lyrics = Lyrics(lrc: "[ar:A]\n[offset:500]\n[00:03.25][00:01]a [b]\r\n[00:02]c\n")
    #expect(
      lyrics.lines == [
        .init(start: 500, text: "a [b]"), .init(start: 1500, text: "c"), .init(start: 2750, text: "a [b]"),
      ])
    #expect(Lyrics(lrc: "one\n[Chorus]\n\ntwo\n\n").lines.map(\.text) == ["one", "[Chorus]", "", "two"])
    #expect(!Lyrics(lrc: "one").isSynced && Lyrics(lrc: "").lines.isEmpty)
    #expect(Lyrics(lrc: "[99999999999999999999:00]x\n[:]\n[").lines.count == 3)
  }

  @Test func whatWasKeptWithoutUsersIsTheFirstOnes() async throws {
    let catalogue = library.catalogue
    let accounts = Accounts(catalogue)
    do {
      let client = library.client()
      let songs = try await client.songs()
      _ = try await client.ask("createPlaylist?name=Mine&songId=\(songs[0])&u=anybody")
      _ = try await client.ask("star?id=\(songs[1])")
    }
    try accounts.add("anna", password: "one")
    try accounts.add("bertha", password: "two")
    do {
      let client = library.client()
      let lists = try await client.ask("getPlaylists?u=anna&p=one")
      #expect("\(lists)".contains("Mine"))
      let song = try #require(try catalogue.tracks().first?.id)
      #expect("\(try await client.ask("getStarred2?u=anna&p=one"))".contains("starred"))
      let others = try await client.ask("getPlaylists?u=bertha&p=two")
      #expect(!"\(others)".contains("Mine"))
      #expect(try await client.error("getPlaylist?id=pl-1&u=bertha&p=two") == 70)
      _ = try await client.ask("updatePlaylist?playlistId=pl-1&public=true&u=anna&p=one")
      #expect(try await client.ask("getPlaylist?id=pl-1&u=bertha&p=two")["status"] as? String == "ok")
      #expect(try await client.error("deletePlaylist?id=pl-1&u=bertha&p=two") == 50)
      // A song that goes and comes back is still in its place.
      try catalogue.forget([song])
      #expect(try catalogue.playlist(1)?.songs == [])
    }
  }
}
