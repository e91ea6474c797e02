import Catalogue
import Foundation
import GRDB
import Testing

@Suite struct OpeningTests {
  private func reason(opening path: String) -> CatalogueError? {
    #expect(throws: CatalogueError.self) { try Catalogue(path: path, busyTimeout: 0.05) }
  }

  @Test(arguments: [
    Data("ID3 this is music, not a database, and long enough to have a header of a hundred bytes".utf8),
    Data(repeating: 0xFF, count: 10_000), Data("xy".utf8),
  ])
  func filesThatAreNoDatabasesAreRefusedAndLeftAsTheyWere(content: Data) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/song.mp3"
      try content.write(to: URL(fileURLWithPath: path))
      let error = reason(opening: path)
      #expect(error?.reason == .notADatabase)
      #expect(error?.path == path)
      #expect(error?.description.contains(path) == true)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    }
  }

  @Test func anEmptyFileBecomesACatalogue() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(try Catalogue(path: path).trackCount() == 0)
    }
  }

  @Test func databasesOfOtherProgramsAreRefusedAndLeftAsTheyWere() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/other.sqlite"
      do {
        let other = try DatabaseQueue(path: path)
        try other.write { try $0.execute(sql: "CREATE TABLE track (id INTEGER PRIMARY KEY)") }
      }
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(reason(opening: path)?.reason == .otherDatabase)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }

  @Test func newerCataloguesAreRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      _ = try Catalogue(path: path)
      do {
        let newer = try DatabasePool(path: path)
        try newer.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 from the future')") }
      }
      let error = reason(opening: path)
      #expect(error?.reason == .newerSchema)
      #expect(error?.remedy.contains("Update akin") == true)
    }
  }

  @Test func questionsLeaveTheFileAsItWas() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      try Catalogue(path: path).store([sampleTrack(1, embeddings: [:])])
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      do {
        let catalogue = try Catalogue(asking: path)
        #expect(try catalogue.trackCount() == 1)
        // Others go on meanwhile.
        try Catalogue(path: path).store([sampleTrack(2, embeddings: [:])])
        #expect(try catalogue.trackCount() == 2)
      }
      let after = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(after != before)
      do {
        let catalogue = try Catalogue(asking: path)
        #expect(try catalogue.trackCount() == 2)
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == after)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["c"])
    }
  }

  /// As on a disk that is mounted for reading only: nothing is written, not even beside the file.
  @Test func aCatalogueThatCannotBeWrittenToIsAsked() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/100 % c?#"
      do {
        let catalogue = try Catalogue(path: path)
        try catalogue.store(model: sampleModel())
        try catalogue.store([sampleTrack(1)])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["100 % c?#"])
      let asked = try Catalogue(readingOnly: path)
      #expect(try asked.trackCount() == 1 && asked.embeddings(model: "mfcc").ids.count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["100 % c?#"])
      let error = #expect(throws: CatalogueError.self) { try asked.store([sampleTrack(2)]) }
      #expect(error?.reason == .permissionDenied)
    }
  }

  /// While another process writes, its log is read; a log that was left behind is told.
  @Test func changesThatOnlyTheLogHasAreNotOverlooked() throws {
    try withTemporaryFolder { folder in
      let (path, copy) = (folder + "/c", folder + "/copy")
      let catalogue = try Catalogue(path: path)
      try catalogue.store([sampleTrack(1, embeddings: [:])])
      #expect(try Catalogue(readingOnly: path).trackCount() == 1)
      for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix) }
      // SQLite may make shared memory where it can, and cannot where the folder forbids it.
      let found: Result<Int, any Error> = Result { try Catalogue(readingOnly: copy).trackCount() }
      switch found {
      case .success(let count): #expect(count == 1)
      case .failure(let error): #expect((error as? CatalogueError)?.reason == .unfinishedChangesReadOnly)
      }
    }
  }

  @Test func anOlderLayoutThatCannotBeWrittenToIsTold() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      try { _ = try Catalogue(path: path) }()
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "DELETE FROM grdb_migrations WHERE identifier LIKE '3%'")
      }
      let error = #expect(throws: CatalogueError.self) { try Catalogue(readingOnly: path) }
      #expect(error?.reason == .olderLayoutReadOnly && error?.remedy.contains("Copy the file") == true)
    }
  }

  @Test func whereThereIsNoCatalogueQuestionsMakeOne() throws {
    try withTemporaryFolder { folder in
      let made = try Catalogue(asking: folder + "/new/c")
      #expect(try made.trackCount() == 0)
      let found = try Catalogue(asking: folder + "/new/c")
      #expect(try found.trackCount() == 0)
    }
  }

  @Test func foldersAndImpossiblePathsAreRefused() throws {
    try withTemporaryFolder { folder in
      #expect(reason(opening: folder)?.reason == .isFolder)
      try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
      #expect(reason(opening: folder + "/file/c")?.reason == .cannotOpen)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write everywhere"))
  func foldersWithoutPermissionAreRefused() throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      try files.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
      #expect(reason(opening: folder + "/c")?.reason == .permissionDenied)
      #expect(reason(opening: folder + "/new/c")?.reason == .permissionDenied)
      try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
      try Data().write(to: URL(fileURLWithPath: folder + "/c"))
      try files.setAttributes([.posixPermissions: 0o000], ofItemAtPath: folder + "/c")
      #expect(reason(opening: folder + "/c")?.reason == .permissionDenied)
    }
  }

  @Test func aCatalogueThatAnotherProcessKeepsLockedIsToldAsLocked() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let catalogue = try Catalogue(path: path, busyTimeout: 0.05)
      try catalogue.store([sampleTrack(1, embeddings: [:])])
      let other = try DatabaseQueue(path: path)
      try other.inDatabase { db in
        try db.execute(sql: "BEGIN IMMEDIATE")
        let error = #expect(throws: CatalogueError.self) { try catalogue.store([sampleTrack(2, embeddings: [:])]) }
        #expect(error?.reason == .locked)
        #expect(try catalogue.trackCount() == 1)
        try db.execute(sql: "ROLLBACK")
      }
      try catalogue.store([sampleTrack(2, embeddings: [:])])
      #expect(try catalogue.trackCount() == 2)
    }
  }

  @Test func aFullDiskIsToldAndLosesNothing() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      let catalogue = try Catalogue(path: path, pageLimit: 80)
      try catalogue.store([sampleTrack(1, embeddings: [:])])
      let error = #expect(throws: CatalogueError.self) {
        try catalogue.store((2..<5_000).map { sampleTrack($0, embeddings: [:]) })
      }
      #expect(error?.reason == .diskFull)
      #expect(try catalogue.trackCount() == 1)
    }
  }
}
