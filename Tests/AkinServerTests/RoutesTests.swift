import AkinServer
import Catalogue
import Foundation
import HTTPTypes
import Hummingbird
import MusicLibrary
import TestSupport
import Testing

@Suite struct RoutesTests {
  private typealias Object = [String: Any]

  @Test func songsAlbumsArtistsAndGenresAreBrowsed() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    let artists = try await client.json("/api/v1/artists?count=2").object
    #expect(artists["total"] as? Int == 4)
    let names = (artists["items"] as? [Object])?.map { $0["name"] as? String }
    #expect(names == ["Artist 0", "Artist 1"])
    let id = try #require((artists["items"] as? [Object])?[0]["id"] as? String)
    let artist = try await client.json("/api/v1/artists/\(id)").object
    #expect((artist["songs"] as? [Object])?.count == 3 && (artist["albums"] as? [Object])?.count == 2)
    let albums = try await client.json("/api/v1/albums?order=artist&count=3&offset=1").object
    #expect(albums["total"] as? Int == 8 && (albums["items"] as? [Object])?.count == 3)
    let album = try #require((albums["items"] as? [Object])?[0]["id"] as? String)
    let listed = try await client.json("/api/v1/albums/\(album)").object
    let titles = (listed["songs"] as? [Object])?.compactMap { $0["title"] as? String }
    #expect(titles == ["Song 0-1"])
    let genres = try await client.json("/api/v1/genres").object
    #expect((genres["items"] as? [Object])?[0]["songs"] as? Int == 12)
    let genre = try #require((genres["items"] as? [Object])?[0]["name"] as? String)
    let ofGenre = try await client.json("/api/v1/songs?genre=\(genre)&count=5&offset=10").object
    #expect(ofGenre["total"] as? Int == 12 && (ofGenre["items"] as? [Object])?.count == 2)
    #expect(try await client.json("/api/v1/songs?genre=nix").object["total"] as? Int == 0)
    #expect(try await client.json("/api/v1/songs").object["total"] as? Int == 12)
    let found = try await client.json("/api/v1/search?q=SONG+3-&count=9").object
    #expect((found["songs"] as? [Object])?.count == 3)
    #expect((found["artists"] as? [Object])?.isEmpty == true)
  }

  @Test func neighboursHaveTheirSimilarityAndWhy() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    let answer = try await client.json("/api/v1/songs/1/similar?count=4&why=true").object
    let list = try #require(answer["songs"] as? [Object])
    let similarities = list.compactMap { $0["similarity"] as? Double }
    #expect(list.count == 4 && similarities == similarities.sorted(by: >))
    #expect(((list[0]["why"] as? Object)?["aspects"] as? [Any])?.count == 4)
    let compared = try await client.json("/api/v1/songs/1/compare/2").object
    #expect(compared["rank"] as? Int != nil && compared["summary"] as? String != nil)
    let artists = try await client.json("/api/v1/artists?count=1").object
    let id = try #require((artists["items"] as? [Object])?[0]["id"] as? String)
    let alike = try await client.response("/api/v1/artists/\(id)/similar?count=2")
    #expect(alike.text.contains("\"coverSong\""))
  }

  @Test func playlistsFollowSeedsFiltersAndPaths() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    let body =
      #"{"like":[{"song":1},{"artist":"ID","weight":2}],"count":5,"not":[{"artist":"Artist 2"}],"perArtist":2}"#
    let artists = try await client.json("/api/v1/artists?count=1").object
    let id = try #require((artists["items"] as? [Object])?[0]["id"] as? String)
    let answer = try await client.json("/api/v1/playlist", .post, body.replacing("ID", with: id)).object
    let list = try #require(answer["songs"] as? [Object])
    let names = list.compactMap { ($0["song"] as? Object)?["artist"] as? String }
    #expect(!names.isEmpty && !names.contains("Artist 2") && !names.contains("Artist 0"))
    #expect((answer["removed"] as? [Object])?[0]["count"] as? Int == 3)
    let path = try await client.json("/api/v1/playlist", .post, #"{"path":[{"song":1},{"song":12}],"count":4}"#).object
    let stops = try #require(path["songs"] as? [Object])
    #expect(stops.count == 4 && stops[1]["step"] as? Double != nil)
    #expect((stops[0]["song"] as? Object)?["id"] as? Int == 1 && (stops[3]["song"] as? Object)?["id"] as? Int == 12)
    let file = try await client.response("/api/v1/playlist.m3u8", .post, #"{"songs":[2,1]}"#)
    #expect(file.text.hasPrefix("#EXTM3U\n#EXTINF:1,Artist 0 - Song 0-1\n"))
  }

  @Test func aQueueRemembersAndIsKeptInTheLibrary() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    let queue = try await client.json("/api/v1/queues", .post, #"{"like":[{"song":1}],"count":3}"#).object
    let id = try #require(queue["id"] as? String)
    var given = try #require(queue["songs"] as? [Object]).compactMap { ($0["song"] as? Object)?["id"] as? Int }
    let skipped = try await client.json(
      "/api/v1/queues/\(id)/events", .post, #"{"kind":"skipped","song":\#(given[0])}"#)
    #expect(skipped.status == 200)
    let next = try await client.json("/api/v1/queues/\(id)/next?count=4", .post).object
    let more = try #require(next["songs"] as? [Object]).compactMap { ($0["song"] as? Object)?["id"] as? Int }
    #expect(more.count == 4 && Set(more).isDisjoint(with: given))
    given += more
    let event = try #require(skipped.object["id"] as? Int)
    #expect(try await client.response("/api/v1/events/\(event)", .delete).status == .noContent)
    #expect(try await client.response("/api/v1/events/\(event)", .delete).status == .notFound)
    #expect(try await client.json("/api/v1/queues/nix/next", .post).status == 404)
    #expect(try songs.catalogue.events([.skipped]).isEmpty)
  }

  @Test func tenAnswersAreLearnedFrom() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    for number in 0..<10 {
      let object = try await client.json("/api/v1/odd-one-out").object
      #expect(object["answered"] as? Int == number && object["learned"] == nil)
      let asked = try #require(object["songs"] as? [Object]).compactMap { $0["id"] as? Int64 }
      let body = #"{"songs":\#(asked),"odd":\#(asked[0])}"#
      #expect(try await client.json("/api/v1/odd-one-out", .post, body).status == 200)
    }
    let deadline = ContinuousClock.now + .seconds(60)
    var learned: Object?
    while learned == nil, ContinuousClock.now < deadline {
      learned = try await client.json("/api/v1/odd-one-out").object["learned"] as? Object
      await Task.yield()
    }
    let answers = try #require(learned?["answers"] as? Object)
    #expect(answers["questions"] as? Int == 10 && learned?["adopted"] is Bool)
  }

  @Test func whichOfThreeDoesNotBelongIsAskedAndKept() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    let question = try await client.json("/api/v1/odd-one-out").object
    let asked = try #require(question["songs"] as? [Object]).compactMap { $0["id"] as? Int64 }
    #expect(Set(asked).count == 3 && question["answered"] as? Int == 0)
    let body = #"{"songs":\#(asked),"odd":\#(asked[1])}"#
    let event = try #require(try await client.json("/api/v1/odd-one-out", .post, body).object["id"] as? Int)
    let kept = try songs.catalogue.events([.oddOneOut]).map { $0.songs.map(\.rawValue) }
    #expect(kept == [[asked[1], asked[0], asked[2]]])
    #expect(try await client.json("/api/v1/odd-one-out").object["answered"] as? Int == 1)
    #expect(try await client.response("/api/v1/events/\(event)", .delete).status == .noContent)
    #expect(try await client.json("/api/v1/odd-one-out").object["answered"] as? Int == 0)
    for (body, status) in [
      (#"{"songs":[1,2,3],"odd":4}"#, 400), (#"{"songs":[1,1,2],"odd":1}"#, 400), (#"{"songs":[1,2],"odd":1}"#, 400),
      (#"{"songs":[1,2,99],"odd":1}"#, 404), (#"{"songs":[1,2,3]}"#, 400),
    ] {
      #expect(try await client.json("/api/v1/odd-one-out", .post, body).status == status, "\(body)")
    }
    #expect(try await client.json("/api/v1/events", .post, #"{"kind":"oddOneOut","song":1}"#).status == 400)
    for artist in 0..<4 { try songs.catalogue.block(.artist("Artist \(artist)")) }
    #expect(try await client.json("/api/v1/odd-one-out").status == 409)
  }

  @Test func whatIsBlockedIsNotRecommended() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    #expect(try await client.response("/api/v1/blocks", .post, #"{"artist":"Artist 1"}"#).status == .noContent)
    let answer = try await client.json("/api/v1/songs/1/similar?count=12").object
    let names = (answer["songs"] as? [Object] ?? []).compactMap { ($0["song"] as? Object)?["artist"] as? String }
    #expect(!names.isEmpty && !names.contains("Artist 1"))
    #expect(try await client.response("/api/v1/blocks", .delete, #"{"artist":"Artist 1"}"#).status == .noContent)
    #expect(try await client.response("/api/v1/blocks", .delete, #"{"artist":"Artist 1"}"#).status == .notFound)
    #expect(try await client.response("/api/v1/blocks", .post, #"{"years":[1990,1999]}"#).status == .badRequest)
  }

  /// What the list of blocks says of each takes it off the list, also if its song is gone.
  @Test func everyBlockIsTakenBack() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    let tracks = try songs.catalogue.tracks()
    for clause: TrackFilter.Clause in [
      .genre("Rock"), .artist("Nobody"), .album("Album"), .folder("/music"), .song(tracks[0].path),
      .song(tracks[1].path), .shorter(than: 0.5), .longer(than: 1800),
    ] {
      #expect(try songs.catalogue.block(clause))
    }
    _ = try songs.catalogue.forget([tracks[1].id])
    let answer = try await client.response("/api/v1/blocks")
    let blocks = try #require(try JSONSerialization.jsonObject(with: answer.body) as? [Object])
    #expect(blocks.count == 8)
    for block in blocks {
      let clause = String(decoding: try JSONSerialization.data(withJSONObject: block["clause"] as Any), as: UTF8.self)
      #expect(try await client.response("/api/v1/blocks", .delete, clause).status == .noContent, "\(clause)")
    }
    #expect(try songs.catalogue.blocks().isEmpty)
  }

  @Test func whatIsWrongIsToldAndNothingIsIgnored() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    for (uri, status) in [
      ("/api/v1/songs/99", 404), ("/api/v1/songs/x", 400), ("/api/v1/albums/nix", 404), ("/api/v1/nix", 404),
      ("/api/v1/search", 400), ("/api/v1/search?q=a&count=0", 400), ("/api/v1/search?q=a&cuont=3", 400),
      ("/api/v1/search?q=a&q=b", 400), ("/api/v1/search?q=%FF", 400), ("/api/v1/search?q=%00", 400),
      ("/api/v1/albums?order=size", 400), ("/api/v1/songs/1/similar?why=maybe", 400),
      ("/api/v1/songs/1/stream?start=-1", 400), ("/api/v1/songs/1/stream?start=nan", 400),
    ] {
      let answer = try await client.json(uri)
      #expect(answer.status == status, "\(uri)")
      #expect((answer.object["detail"] as? String)?.isEmpty == false && answer.object["status"] as? Int == status)
    }
    for body in [
      "", "[]", "{", #"{"like":[]}"#, #"{"like":[{"song":1}],"conut":3}"#, #"{"like":[{"song":1,"album":"x"}]}"#,
      #"{"like":[{"song":1}],"count":0}"#, #"{"like":[{"song":1}],"count":3,"minutes":3}"#,
      #"{"path":[{"song":1}]}"#, #"{"path":[{"song":1},{"song":1}]}"#, #"{"like":[{"song":1}],"variety":2}"#,
      #"{"like":[{"song":1}],"only":[{"years":[2000,1990]}]}"#, #"{"like":[{"song":1}],"weights":{"bass":1}}"#,
      #"{"like":[{"song":1e400}]}"#, #"{"like":[{"song":1}],"only":[{"years":[1e300,1e300]}]}"#,
    ] {
      let answer = try await client.json("/api/v1/playlist", .post, body)
      #expect(answer.status == 400, "\(body)")
      #expect((answer.object["detail"] as? String)?.isEmpty == false)
    }
    #expect(try await client.json("/api/v1/playlist", .post, #"{"like":[{"song":99}]}"#).status == 404)
    let text = try await client.json("/api/v1/playlist", .post, "{}", headers: [.contentType: "text/plain"])
    #expect(text.status == 415)
  }

  @Test func anEmptyLibrarySaysWhatToDo() async throws {
    let songs = try ServedSongs()
    try FileManager.default.removeItem(atPath: songs.folder("music"))
    try FileManager.default.createDirectory(atPath: songs.folder("music"), withIntermediateDirectories: true)
    _ = try songs.catalogue.forget(songs.catalogue.tracks().map(\.id))
    let client = songs.client()
    #expect(try await client.json("/api/v1/status").status == 200)
    #expect(try await client.json("/api/v1/albums").object["total"] as? Int == 0)
    let answer = try await client.json("/api/v1/map")
    #expect(answer.status == 409 && (answer.object["detail"] as? String)?.contains("akin index") == true)
  }

  @Test func aLibraryThatChangesIsNoticed() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    #expect(try await client.json("/api/v1/albums").object["total"] as? Int == 8)
    _ = try songs.catalogue.forget(songs.catalogue.tracks().prefix(6).map(\.id))
    var total: Int?
    for _ in 0..<100 where total != 4 {
      try await Task.sleep(for: .milliseconds(50))
      total = try await client.json("/api/v1/albums").object["total"] as? Int
    }
    #expect(total == 4)
  }

  @Test func belowAPathThePageLiesInAFolder() async throws {
    let client = try ServedSongs().client(.init(basePath: "/akin"))
    let answer = try await client.response("/akin")
    #expect(answer.status == .temporaryRedirect && answer.headers[.location] == "/akin/")
    #expect(try await client.response("/akin/").text.contains("<title>Akin"))
  }

  /// The document describes the routes that there are, and no others.
  @Test func theDocumentIsThatOfTheRoutes() async throws {
    let songs = try ServedSongs()
    let document = try await songs.client().json("/api/v1/openapi.json").object
    let paths = try #require(document["paths"] as? [String: Object])
    let described = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) /api/v1\(path)" } })
    let router = AkinServer(ServedLibrary(songs.catalogue)).router()
    let routes = router.routes.filter { $0.method != .head && "\($0.path)".hasPrefix("/api/v1") }
      .map { "\($0.method) \($0.path)" }
    #expect(Set(routes).subtracting(["GET /api/v1/openapi.json"]) == described)
  }
}
