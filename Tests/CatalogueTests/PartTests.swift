import Catalogue
import Foundation
import GRDB
import Testing

/// Tracks that are parts of files.
@Suite struct PartTests {
  private func part(_ number: Int, start: Double, end: Double?, time: Int64 = 1) -> IndexedTrack {
    IndexedTrack(
      path: "/m/a.cue/track000\(number)", fileSize: 9, modificationTime: time, duration: 60,
      embeddings: ["test": [Float(number), 1]],
      source: SongSource(file: "/m/a.flac", bounds: SongBounds(start: start, end: end)))
  }

  private func withCatalogue(_ body: (Catalogue) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: "\(folder)/library.sqlite")
      try catalogue.store(model: sampleModel("test", dimension: 2))
      try body(catalogue)
      #expect(try catalogue.faults().isEmpty)
    }
  }

  @Test func aPartIsStoredWithItsFileAndTimes() throws {
    try withCatalogue { catalogue in
      let ids = try catalogue.store([part(1, start: 0, end: 60), part(2, start: 60, end: nil)])
      let tracks = try catalogue.tracks(ids: ids)
      #expect(tracks[ids[0]]?.source == SongSource(file: "/m/a.flac", bounds: SongBounds(start: 0, end: 60)))
      #expect(tracks[ids[1]]?.source.bounds == SongBounds(start: 60))
      let whole = try catalogue.store([IndexedTrack(path: "/m/b.flac", fileSize: 1, modificationTime: 1)])[0]
      #expect(try catalogue.tracks(ids: [whole])[whole]?.source == SongSource(file: "/m/b.flac"))
      for name in ["/m/a.flac", "/m/a.cue"] { #expect(try Set(catalogue.tracks(where: .folder(name))) == Set(ids)) }
      #expect(try catalogue.durations(ofFiles: ["/m/a.flac", "/m/b.flac"]) == ["/m/a.flac": 120])
      #expect(try catalogue.tracksOfEqualFiles().isEmpty)
    }
  }

  @Test func otherTimesAreAnotherSound() throws {
    try withCatalogue { catalogue in
      let id = try catalogue.store([part(1, start: 0, end: 60)])[0]
      var same = part(1, start: 0, end: 60)
      same.embeddings = [:]
      try catalogue.store([same])
      #expect(try catalogue.embedding(of: id, model: "test") == [1, 1])
      var other = part(1, start: 0, end: 59)
      other.embeddings = [:]
      try catalogue.store([other])
      #expect(try catalogue.embedding(of: id, model: "test") == nil)
    }
  }

  @Test func partsMoveWithTheirFiles() throws {
    try withCatalogue { catalogue in
      let id = try catalogue.store([part(1, start: 0, end: 60)])[0]
      #expect(try catalogue.move(PathMap([.init(old: "/m", new: "/other")])) == 1)
      let track = try #require(try catalogue.tracks(ids: [id])[id])
      #expect(track.path == "/other/a.cue/track0001" && track.source.file == "/other/a.flac")
      #expect(track.source.bounds == SongBounds(start: 0, end: 60))
    }
  }

  @Test func damageToItsPlaceIsNoticed() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/library.sqlite"
      let catalogue = try Catalogue(path: path)
      var track = part(1, start: 0, end: 60)
      track.embeddings = [:]
      let id = try catalogue.store([track])[0]
      try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE track SET startTime = 1") }
      #expect(throws: CatalogueError.self) { try catalogue.tracks(ids: [id]) }
    }
  }
}
