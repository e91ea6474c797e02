import Catalogue
import Foundation
import GRDB
import Testing

@Suite struct BackupTests {
  /// A catalogue with something in every table that holds paths.
  private func make(_ path: String) throws -> Catalogue {
    let catalogue = try Catalogue(path: path)
    try catalogue.store(model: sampleModel())
    let ids = try catalogue.store((0..<5).map { sampleTrack($0, path: "/old/a/\($0).flac") })
    try catalogue.store([sampleTrack(7, path: "/older/7.flac")])
    try catalogue.addRoot("/old")
    try catalogue.addRoot("/older")
    try catalogue.changeMountPoints(add: ["/old/a"], remove: [])
    try catalogue.replaceRemarks(
      on: [],
      by: [
        FileRemark(
          path: "/old/broken.mp3", kind: .refused, reason: "it is broken", fileSize: 1, modificationTime: 2,
          software: "test")
      ])
    try catalogue.record(.played, songs: [ids[1]], source: "test", time: 5)
    try catalogue.block(.folder("/old/a/b"))
    try catalogue.store(
      Catalogue.Mix(
        name: "m",
        request: #"{"like":["/old/a/1.flac","of /old","\/old\/x"],"seed":18446744073709551615,"x":0.30000001}"#,
        file: "/old/m.m3u8", songs: [ids[2]], refreshed: 1))
    return catalogue
  }

  /// Every text in every table.
  private func texts(_ path: String) throws -> [String] {
    try DatabaseQueue(path: path).read { db in
      let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
      return try tables.flatMap { table in
        try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"").flatMap { row in
          row.databaseValues.compactMap { String.fromDatabaseValue($0) }
        }
      }
    }
  }

  @Test func aCopyHoldsEverythingAndIsOneFile() throws {
    try withTemporaryFolder { folder in
      let catalogue = try make(folder + "/c")
      try catalogue.write(copy: folder + "/copy")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("copy") } == ["copy"])
      try Catalogue.restore(copy: folder + "/copy", to: folder + "/new/c")
      let restored = try Catalogue(path: folder + "/new/c")
      #expect(try texts(folder + "/new/c").sorted() == texts(folder + "/c").sorted())
      #expect(try restored.embeddings(model: "mfcc") == catalogue.embeddings(model: "mfcc"))
      #expect(try restored.faults().isEmpty)
      #expect(throws: CatalogueError.self) { try catalogue.write(copy: folder + "/copy") }
    }
  }

  @Test func aCopyIsConsistentWhileSongsAreStored() throws {
    try withTemporaryFolder { folder in
      let catalogue = try make(folder + "/c")
      let writer = Thread {
        // Batches of ten songs: no copy may hold a part of one.
        for batch in 1...60 { _ = try? catalogue.store((0..<10).map { sampleTrack(batch * 100 + $0) }) }
      }
      writer.start()
      for place in 0..<6 {
        try catalogue.write(copy: folder + "/copy\(place)")
        #expect(try (Catalogue(path: folder + "/copy\(place)").trackCount() - 6).isMultiple(of: 10))
      }
      while !writer.isFinished { Thread.sleep(forTimeInterval: 0.01) }
    }
  }

  @Test func everyPathMovesWithItsFolderAndNothingElse() throws {
    try withTemporaryFolder { folder in
      try make(folder + "/c").write(copy: folder + "/copy")
      let map = PathMap([.init(old: "/old/", new: "/new/music")])
      #expect(try Catalogue.restore(copy: folder + "/copy", to: folder + "/d", map: map) == 5)
      let texts = try texts(folder + "/d")
      #expect(texts.filter { $0.hasPrefix("/old/") || $0 == "/old" }.isEmpty)
      #expect(texts.contains("/older") && texts.contains("/older/7.flac"))
      let restored = try Catalogue(path: folder + "/d")
      #expect(try restored.faults().isEmpty)
      #expect(try restored.roots() == ["/new/music", "/older"])
      #expect(try restored.track(path: "/new/music/a/1.flac")?.tags.title == "Title 1")
      #expect(try restored.events().map(\.songs.count) == [1])
      #expect(try restored.blocks() == [.folder("/new/music/a/b")])
      let mix = try #require(try restored.mixes().first)
      #expect(mix.file == "/new/music/m.m3u8")
      #expect(
        mix.request
          == #"{"like":["/new/music/a/1.flac","of /old","/new/music/x"],"seed":18446744073709551615,"x":0.30000001}"#)
    }
  }

  @Test func foldersMayChangePlaces() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      try catalogue.store([sampleTrack(1, path: "/a/x.flac"), sampleTrack(2, path: "/b/x.flac")])
      for root in ["/a", "/b"] { try catalogue.addRoot(root) }
      let map = PathMap([.init(old: "/a", new: "/b"), .init(old: "/b", new: "/a")])
      #expect(try catalogue.move(map) == 2)
      #expect(try catalogue.track(path: "/b/x.flac")?.tags.title == "Title 1")
      #expect(try catalogue.roots() == ["/a", "/b"])
      #expect(try catalogue.faults().isEmpty)
      let error = #expect(throws: CatalogueError.self) {
        try catalogue.move(PathMap([.init(old: "/a", new: "/b")]))
      }
      #expect(error?.reason == .takenPath("/b/x.flac"))
      #expect(try catalogue.track(path: "/a/x.flac")?.tags.title == "Title 2")
    }
  }

  @Test(arguments: [
    ("/music", "/music", "/m"), ("/music/a", "/music", "/m/a"), ("/musica/a", "/music", nil), ("/x", "/", "/m/x"),
    ("/", "/", "/m"), ("music/a", "/music", nil),
  ])
  func aPathMovesByWholeNames(path: String, old: String, expected: String?) {
    #expect(PathMap([.init(old: old, new: "/m")]).moved(path) == expected)
  }

  @Test func theLongestFolderCounts() {
    let map = PathMap([.init(old: "/a", new: "/1"), .init(old: "/a/b", new: "/")])
    #expect(map.moved("/a/b/c") == "/c")
    #expect(map.moved("/a/b") == "/")
    #expect(map.moved("/a/c") == "/1/c")
  }

  @Test func damageIsFoundWhereverItIs() throws {
    try withTemporaryFolder { folder in
      let catalogue = try make(folder + "/c")
      try DatabaseQueue(path: folder + "/c").write { db in
        try db.execute(sql: "UPDATE track SET title = 'Titlf' WHERE path = '/old/a/2.flac'")
        try db.execute(sql: "UPDATE embedding SET vector = zeroblob(16) WHERE track = 4")
      }
      #expect(
        Set(try catalogue.faults().map(\.item))
          == ["the track /old/a/2.flac", "the vector of /old/a/3.flac by Model mfcc"])
      try catalogue.write(copy: folder + "/copy")
      let error = #expect(throws: CatalogueError.self) {
        try Catalogue.restore(copy: folder + "/copy", to: folder + "/d")
      }
      #expect(error?.reason == .damaged)
      #expect(!FileManager.default.fileExists(atPath: folder + "/d"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("d") }.isEmpty)
    }
  }

  @Test func aCopyOfAnotherProgramsFileIsRefused() throws {
    try withTemporaryFolder { folder in
      try DatabaseQueue(path: folder + "/other").write { try $0.execute(sql: "CREATE TABLE song (x)") }
      try Data("text".utf8).write(to: URL(filePath: folder + "/text"))
      for (file, reason) in [("other", CatalogueError.Reason.otherDatabase), ("text", .notADatabase)] {
        let error = #expect(throws: CatalogueError.self) {
          try Catalogue.restore(copy: folder + "/" + file, to: folder + "/c")
        }
        #expect(error?.reason == reason)
        #expect(!FileManager.default.fileExists(atPath: folder + "/c"))
      }
    }
  }

  @Test func restoringReplacesALibraryThatHasALog() throws {
    try withTemporaryFolder { folder in
      try make(folder + "/c").write(copy: folder + "/copy")
      let damaged = folder + "/d"
      for ending in ["", "-wal", "-shm"] { try Data("nothing".utf8).write(to: URL(filePath: damaged + ending)) }
      try Catalogue.restore(copy: folder + "/copy", to: damaged)
      #expect(try Catalogue(path: damaged).trackCount() == 6)
    }
  }

  @Test func aVacuumMakesTheFileSmaller() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let catalogue = try Catalogue(path: path)
      try catalogue.store(model: sampleModel(dimension: 2000))
      let vector = (0..<2000).map(Float.init)
      let ids = try catalogue.store((0..<100).map { sampleTrack($0, embeddings: ["mfcc": vector]) })
      try catalogue.vacuum()
      func size() throws -> Int { try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) }
      let before = try size()
      try catalogue.forget(ids.dropLast(10))
      try catalogue.vacuum()
      #expect(try size() < before / 2)
      #expect(try catalogue.embeddings(model: "mfcc").ids.count == 10)
    }
  }
}
