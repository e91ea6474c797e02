import Foundation
import HTTPTypes
import TestSupport
import Testing

@Suite struct MetricsTests {
  @Test func requestsAreCountedByRouteAndStatus() async throws {
    let songs = try ServedSongs()
    let client = songs.client()
    for uri in ["/api/v1/songs/1", "/api/v1/songs/2", "/api/v1/songs/99", "/nothing/of/this"] {
      _ = try await client.response(uri)
    }
    let answer = try await client.response("/metrics")
    #expect(answer.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
    let lines = answer.text.split(separator: "\n").map(String.init)
    let count = "akin_http_requests_total{method=\"GET\",route=\"/api/v1/songs/{id}\",status="
    #expect(lines.contains(count + "\"200\"} 2.0") && lines.contains(count + "\"404\"} 1.0"))
    // Whatever is not there is one kind, or others could fill the memory.
    #expect(lines.contains("akin_http_requests_total{method=\"GET\",route=\"NotFound\",status=\"404\"} 1.0"))
    #expect(lines.contains("akin_songs 12.0"))
    // Every line is a comment, or a name with labels and a number.
    let sample = /[a-z_]+(\{([a-z]+="[^"]*",?)*\})? -?[0-9.e+-]+/
    #expect(lines.allSatisfy { $0.hasPrefix("# HELP ") || $0.hasPrefix("# TYPE ") || $0.wholeMatch(of: sample) != nil })
  }
}
