import Catalogue
import Foundation
import GRDB
import Testing

@Suite struct DamageTests {
  @Test func aVectorOfTheWrongLengthNamesItsTrack() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let catalogue = try Catalogue(path: path)
      try catalogue.store(model: sampleModel())
      let ids = try catalogue.store((0..<3).map { sampleTrack($0) })
      for blob in ["x''", "x'00'", "x'0000803f0000803f0000803f00'", "x'0000803f0000803f'"] {
        try DatabaseQueue(path: path).write {
          try $0.execute(sql: "UPDATE embedding SET vector = \(blob) WHERE track = ?", arguments: [ids[1].rawValue])
        }
        let all = #expect(throws: CatalogueError.self) { try catalogue.embeddings(model: "mfcc") }
        #expect(all?.reason == .malformedEmbedding(track: "/music/1.flac"))
        #expect(all?.description.contains("/music/1.flac") == true)
        let one = #expect(throws: CatalogueError.self) { try catalogue.embedding(of: ids[1], model: "mfcc") }
        #expect(one?.reason == .malformedEmbedding(track: "/music/1.flac"))
      }
    }
  }

  @Test(arguments: ["title = 'Titlf 1'", "path = '/music/1.flad'", "duration = 1.5", "artist = NULL", "fileSize = 7"])
  func aTrackThatChangedIsNoticed(change: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let catalogue = try Catalogue(path: path)
      try catalogue.store(model: sampleModel())
      let ids = try catalogue.store((0..<3).map { sampleTrack($0) })
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "UPDATE track SET \(change) WHERE id = \(ids[1].rawValue)")
      }
      let error = #expect(throws: CatalogueError.self) { try catalogue.tracks(ids: ids) }
      #expect(error?.reason == .damaged)
      #expect(try catalogue.tracks(ids: [ids[0], ids[2]]).count == 2)
    }
  }

  /// A bit that flipped in a vector, and vectors that changed their places.
  @Test func aVectorThatChangedIsNoticed() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let catalogue = try Catalogue(path: path)
      try catalogue.store(model: sampleModel())
      let ids = try catalogue.store((0..<3).map { sampleTrack($0) })
      let whole = try catalogue.embeddings(model: "mfcc")
      let blobs = try DatabaseQueue(path: path).read { try Data.fetchAll($0, sql: "SELECT vector FROM embedding") }
      func store(_ blob: Data, _ row: Int) throws {
        try DatabaseQueue(path: path).write {
          try $0.execute(sql: "UPDATE embedding SET vector = ? WHERE track = ?", arguments: [blob, ids[row].rawValue])
        }
      }
      for bit in 0..<blobs[1].count * 8 {
        var blob = blobs[1]
        blob[bit / 8] ^= 1 << UInt8(bit % 8)
        try store(blob, 1)
        let error = #expect(throws: CatalogueError.self) { try catalogue.embedding(of: ids[1], model: "mfcc") }
        #expect(error?.reason == .malformedEmbedding(track: "/music/1.flac"), "bit \(bit)")
      }
      try store(blobs[0], 1)
      #expect(throws: CatalogueError.self) { try catalogue.embeddings(model: "mfcc") }
      // As an earlier version stored it.
      try store(blobs[1].dropLast(4), 1)
      #expect(try catalogue.embeddings(model: "mfcc").values == whole.values)
    }
  }

  /// Numbers and words that nobody stored, in tables without checksums.
  @Test(arguments: [
    "UPDATE model SET dimension = 9223372036854775807", "UPDATE model SET dimension = 4611686018427387904",
    "UPDATE model SET dimension = 1000000000", "UPDATE model SET dimension = 1000000",
    "UPDATE model SET dimension = dimension + 1", "UPDATE model SET created = 1e300",
    "INSERT INTO block (kind, key, name) VALUES ('shortest', '', 'nan')",
    "INSERT INTO block (kind, key, name) VALUES ('shortest', '', '-5')",
    "INSERT INTO block (kind, key, name) VALUES ('shortest', '', '0')",
    "INSERT INTO block (kind, key, name) VALUES ('longest', '', 'inf')",
    "INSERT INTO block (kind, key, name) VALUES ('longest', '', '1e300')",
    "INSERT INTO block (kind, key, name) VALUES ('colour', 'red', 'red')",
    "UPDATE lastIndexing SET seconds = -1e300", "UPDATE lastIndexing SET seconds = 1e300",
    "UPDATE lastIndexing SET began = 1e300", "UPDATE lastIndexing SET added = -1", "UPDATE event SET time = 1e300",
    "UPDATE mix SET refreshed = -1e300", "UPDATE track SET checksum = NULL, duration = 1e300",
    "UPDATE track SET checksum = NULL, duration = -1e300",
  ])
  func aRowThatCannotBeIsDamage(change: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let catalogue = try Catalogue(path: path)
      try catalogue.store(model: sampleModel())
      let ids = try catalogue.store((0..<3).map { sampleTrack($0) })
      try catalogue.record(.played, songs: ids, source: "test", time: 1)
      try catalogue.store(Catalogue.Mix(name: "a", request: "{}", file: "/a.m3u", refreshed: 1))
      try catalogue.store(
        lastIndexing: .init(
          began: Date(), seconds: 1, model: "mfcc", added: 3, updated: 0, moved: 0, unchanged: 0, forgotten: 0,
          skipped: 0, wasInterrupted: false))
      try DatabaseQueue(path: path).write { try $0.execute(sql: change) }
      #expect(try !catalogue.faults().isEmpty)
      let error = #expect(throws: CatalogueError.self) {
        _ = try catalogue.models()
        _ = try catalogue.blocks()
        _ = try catalogue.mixes()
        _ = try catalogue.events()
        _ = try catalogue.lastIndexing()
        _ = try catalogue.tracks(ids: ids)
        _ = try catalogue.embedding(of: ids[0], model: "mfcc")
      }
      let isOfAVector = if case .malformedEmbedding = error?.reason { true } else { false }
      #expect(error?.reason == .damaged || isOfAVector)
      if change.contains("dimension") {
        #expect(throws: CatalogueError.self) { try catalogue.embeddings(model: "mfcc") }
        #expect(throws: CatalogueError.self) {
          try catalogue.store(sampleTrack(9), asCopyOf: ids[0])
        }
      }
    }
  }

  @Test func nothingIsWrittenIntoAFileThatIsGone() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let catalogue = try Catalogue(path: path)
      try catalogue.addRoot("/music")
      for ending in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: path + ending) }
      let gone = #expect(throws: CatalogueError.self) { try catalogue.addRoot("/other") }
      #expect(gone?.reason == .replaced && gone?.description.contains(path) == true)
      _ = try Catalogue(path: path)
      let replaced = #expect(throws: CatalogueError.self) { try catalogue.addRoot("/other") }
      #expect(replaced?.reason == .replaced)
    }
  }

  /// Overwrites the file from the second page on: the catalogue opens or not, answers or throws, and never crashes.
  @Test(arguments: 0..<20)
  func damagedFilesGiveErrors(seed: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      do {
        let catalogue = try Catalogue(path: path)
        try catalogue.store(model: sampleModel())
        try catalogue.store((0..<500).map { sampleTrack($0) })
        try catalogue.addRoot("/music")
      }
      var content = try Data(contentsOf: URL(fileURLWithPath: path))
      var state = UInt64(seed + 1)
      for _ in 0..<4_000 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        // Seeds that are odd damage the first page, too.
        let first = seed.isMultiple(of: 2) ? 4096 : 100
        content[first + Int(state >> 20) % (content.count - first)] = UInt8(truncatingIfNeeded: state >> 12)
      }
      try content.write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: CatalogueError.self) {
        let catalogue = try Catalogue(path: path)
        _ = try catalogue.models()
        _ = try catalogue.roots()
        _ = try catalogue.search("title")
        let states = try catalogue.fileStates(under: "/", model: "mfcc")
        _ = try catalogue.tracks(ids: states.map(\.id))
        _ = try catalogue.embeddings(model: "mfcc")
        try catalogue.forget(states.map(\.id))
        try catalogue.store((0..<500).map { sampleTrack($0) })
      }
      #expect(error?.remedy.isEmpty == false)
    }
  }

  /// What is on disk while a transaction is half done is what a kill leaves there.
  @Test func aKilledWriterLosesNothingThatWasStored() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let copy = folder + "/copy"
      let catalogue = try Catalogue(path: path)
      try catalogue.store(model: sampleModel())
      for batch in 0..<10 { try catalogue.store((batch * 100..<batch * 100 + 100).map { sampleTrack($0) }) }
      let writer = try DatabaseQueue(path: path)
      try writer.inDatabase { db in
        // A small cache makes SQLite write uncommitted pages to the log before the end of the transaction.
        try db.execute(sql: "PRAGMA cache_size = 10; BEGIN IMMEDIATE; DELETE FROM track WHERE id % 2 = 0")
        for suffix in ["", "-wal"] {
          try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        try db.execute(sql: "ROLLBACK")
      }
      let log = try FileManager.default.attributesOfItem(atPath: copy + "-wal")[.size] as? Int
      #expect(try #require(log) > 0)
      let reopened = try Catalogue(path: copy)
      #expect(try reopened.trackCount() == 1000)
      #expect(try reopened.embeddings(model: "mfcc") == catalogue.embeddings(model: "mfcc"))
      try reopened.store([sampleTrack(1000)])
      let check = try DatabaseQueue(path: copy).read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
      #expect(check == ["ok"])
    }
  }
}
