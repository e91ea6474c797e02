import AkinServer
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@Suite struct SafetyTests {
  @Test func otherSitesChangeNothing() async throws {
    let songs = try ServedSongs()
    let body = #"{"artist":"Artist 1"}"#
    let client = songs.client()
    for headers: HTTPFields in [
      [.origin: "http://evil.example"], [.origin: "null"], [HTTPField.Name("Sec-Fetch-Site")!: "cross-site"],
      [HTTPField.Name("Sec-Fetch-Site")!: "same-site"], [.contentType: "text/plain"],
    ] {
      let answer = try await client.json("/api/v1/blocks", .post, body, headers: headers)
      #expect(answer.status == 403 || answer.status == 415)
    }
    let own = try await client.response("/api/v1/blocks", .post, body, headers: [.origin: "http://localhost"])
    #expect(own.status == .noContent)
  }

  @Test func everyAnswerForbidsScriptsOfOthers() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    for uri in ["/", "/api/v1/status", "/api/v1/nix", "/api/v1/songs/1/stream"] {
      let headers = try await client.response(uri).headers
      #expect(headers[.contentSecurityPolicy]?.contains("script-src 'self'") == true)
      #expect(headers[.xContentTypeOptions] == "nosniff")
      #expect(headers[.accessControlAllowOrigin] == nil)
    }
  }

  @Test func aBasePathStandsBeforeEverything() async throws {
    let songs = try ServedSongs()
    let client = songs.client(.init(basePath: "/akin"))
    #expect(try await client.json("/akin/api/v1/status").status == 200)
    #expect(try await client.json("/api/v1/status").status == 404)
    #expect(try await client.response("/akin/health").status == .ok)
  }
}
