import AkinServer
import Foundation
import HTTPTypes
import Hummingbird
import TestSupport
import Testing

@Suite struct MediaTests {
  @Test(arguments: [
    (nil, ByteRange.whole), ("bytes=0-0", .part(0...0)), ("bytes=5-", .part(5...9)), ("bytes=-3", .part(7...9)),
    ("bytes=-30", .part(0...9)), ("bytes=4-99", .part(4...9)), ("bytes=10-", .outside), ("bytes=-0", .outside),
    ("bytes=5-4", .whole), ("bytes=0-1,3-4", .whole), ("bytes=a-b", .whole), ("items=0-1", .whole), ("bytes=-", .whole),
    ("bytes=99999999999999999999-", .whole), ("bytes=+1-2", .whole),
  ])
  func rangesAreThoseOfTheStandard(header: String?, range: ByteRange) {
    #expect(ByteRange(header, of: 10) == range)
  }

  @Test func aSongIsServedInParts() async throws {
    let songs = try ServedSongs()
    let path = songs.folder("music/artist 0/song 0.flac")
    let file = try Data(contentsOf: URL(filePath: path))
    let client = songs.client()
    let whole = try await client.response("/api/v1/songs/1/stream")
    #expect(whole.body == file && whole.headers[.contentType] == "audio/flac")
    let part = try await client.response("/api/v1/songs/1/stream", headers: [.range: "bytes=10-19"])
    #expect(part.status == .partialContent && part.body == file[10..<20])
    #expect(part.headers[.contentRange] == "bytes 10-19/\(file.count)")
    let outside = try await client.response("/api/v1/songs/1/stream", headers: [.range: "bytes=\(file.count)-"])
    #expect(outside.status == .rangeNotSatisfiable)
    let tag = try #require(whole.headers[.eTag])
    let again = try await client.response("/api/v1/songs/1/stream", headers: [.ifNoneMatch: tag])
    #expect(again.status == .notModified && again.body.count == 0)
    let other = try await client.response(
      "/api/v1/songs/1/stream", headers: [.range: "bytes=0-9", .ifRange: "\"other\""])
    #expect(other.status == .ok && other.body.count == file.count)
    let head = try await client.response("/api/v1/songs/1/stream", .head)
    #expect(head.status == .ok && head.body.count == 0)
  }

  @Test func nothingOutsideTheIndexedFoldersIsServed() async throws {
    let songs = try ServedSongs()
    let path = songs.folder("music/artist 0/song 0.flac")
    let outside = songs.folder("outside.flac")
    try FileManager.default.moveItem(atPath: path, toPath: outside)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside)
    let client = songs.client()
    let answer = try await client.json("/api/v1/songs/1/stream")
    #expect(answer.status == 403)
    try FileManager.default.removeItem(atPath: path)
    #expect(try await client.json("/api/v1/songs/1/stream").status == 404)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(try await client.json("/api/v1/songs/1/stream").status == 404)
  }

  @Test func aSongIsConvertedFromATimeOn() async throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/ffmpeg") else { return }
    let songs = try ServedSongs()
    let client = songs.client()
    let whole = try await client.response("/api/v1/songs/1/stream?format=wav")
    let rest = try await client.response("/api/v1/songs/1/stream?format=wav&start=0.5")
    #expect(whole.headers[.contentType] == "audio/wav" && whole.body.starts(with: Data("RIFF".utf8)))
    // 22,050 samples of two bytes, and a header.
    #expect(abs(whole.body.count - 44_100) < 200)
    #expect(abs(rest.body.count - 22_050) < 2500)
  }

  @Test func slotsAreGivenBack() {
    let slots = TranscodingSlots(1)
    do {
      let slot = slots.take()
      #expect(slot != nil && slots.take() == nil)
    }
    #expect(slots.take() != nil)
  }
}
