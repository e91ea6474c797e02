import Catalogue
import Foundation
import HTTPTypes
import TestSupport
import Testing

/// What the plugins of AudioMuse-AI ask; Tests/Peers replays their requests.
@Suite struct AudioMuseTests {
  private typealias Object = [String: Any]

  private func rows(_ client: RouterClient, _ uri: String) async throws -> [Object] {
    let answer = try await client.response(uri)
    #expect(answer.status == .ok, "\(uri): \(answer.text)")
    return try #require(try JSONSerialization.jsonObject(with: answer.body) as? [Object])
  }

  @Test func withoutAnotherServerTheNamesAreThoseOfOpenSubsonic() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    for name in ["1", "so-1"] {
      let found = try await rows(client, "/api/similar_tracks?item_id=\(name)&n=5&radius_similarity=true&whatever=1")
      #expect(found.count == 5 && found.allSatisfy { ($0["item_id"] as? String)?.hasPrefix("so-") == true })
      let distances = found.compactMap { $0["distance"] as? Double }
      #expect(distances.count == 5 && distances == distances.sorted() && distances.allSatisfy { (0...1).contains($0) })
    }
    let path = try await client.json("/api/find_path?start_song_id=so-1&end_song_id=so-12&max_steps=4").object
    let stops = try #require(path["path"] as? [Object]).compactMap { $0["item_id"] as? String }
    #expect(stops.count == 4 && stops.first == "so-1" && stops.last == "so-12" && path["total_distance"] is Double)
    let artists = try await rows(client, "/api/similar_artists?artist=artist+0&n=2&include_component_matches=true")
    let matches = try #require(artists[0]["component_matches"] as? [Object])
    #expect((matches[0]["artist1_representative_songs"] as? [Object])?.count == 3)
    #expect(artists.count == 2 && (artists[0]["artist_id"] as? String)?.hasPrefix("ar-") == true)
  }

  @Test func theNamesOfAServerThatWasMatchedAreAskedForAndAnswered() async throws {
    let songs = try ServedSongs()
    let tracks = try songs.catalogue.tracks().map(\.id)
    // One song is not on that server.
    let names = Dictionary(uniqueKeysWithValues: tracks.dropLast().map { ("nd\($0.rawValue)", $0) })
    try songs.catalogue.store(
      otherServer: "http://nas", kind: "subsonic",
      names: Catalogue.OtherNames(songs: names, artists: ["artist zero": "Artist 0", "artist one": "ARTIST 1"]), time: 1
    )
    let client = songs.client()
    let found = try await rows(client, "/api/similar_tracks?item_id=nd1&n=100&eliminate_duplicates=false")
    #expect(Set(found.compactMap { $0["item_id"] as? String }) == Set(names.keys).subtracting(["nd1"]))
    let artists = try await rows(client, "/api/similar_artists?artist=artist+zero&n=9")
    #expect(artists.compactMap { $0["artist_id"] as? String } == ["artist one"] && artists.count == 1)
    let title = try await rows(client, "/api/similar_tracks?title=song+0-1&artist=artist+0&n=1")
    #expect((title[0]["item_id"] as? String)?.hasPrefix("nd") == true)
    let mixed = try await client.json(
      "/api/alchemy", .post, #"{"items":[{"id":"nd1","op":"ADD","type":"song"},{"id":"nd5","op":"SUBTRACT"}],"n":3}"#)
    #expect((mixed.object["results"] as? [Object])?.count == 3)
    // A path goes around what the server does not have.
    let path = try await client.json("/api/find_path?start_song_id=nd1&end_song_id=nd11&max_steps=12").object
    #expect((path["path"] as? [Object])?.last?["item_id"] as? String == "nd11")
  }

  @Test func errorsAreToldAsThere() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    for (uri, status) in [
      ("/api/similar_tracks", 400), ("/api/similar_tracks?item_id=nix", 404),
      ("/api/find_path?start_song_id=so-1", 400),
      ("/api/find_path?start_song_id=so-1&end_song_id=so-1", 400), ("/api/similar_artists", 400),
      ("/api/similar_artists?artist=nix", 404), ("/api/search_tracks", 400), ("/api/nix", 404),
    ] {
      let answer = try await client.json(uri)
      #expect(answer.status == status, "\(uri)")
      if uri != "/api/nix" { #expect((answer.object["error"] as? String)?.isEmpty == false, "\(uri)") }
    }
    #expect(try await client.json("/api/health").object["status"] as? String == "ok")
    #expect(try await client.json("/api/active_tasks").object.isEmpty)
  }
}
