import Catalogue
import Foundation
import GRDB
import Testing

/// What each released version of the program left on disk, written out, so that an edited migration is noticed.
@Suite struct MigrationTests {
  /// The statements that make a catalogue of each version, by the migration that was its last.
  static let versions: [(last: String, layout: String)] = [
    ("1 tracks, models, embeddings, roots", firstLayout),
    ("2 revisions of a model's vectors", firstLayout + revisions),
    ("3 words of all tracks side by side", firstLayout + revisions + words),
  ]

  private static let firstLayout = """
    CREATE TABLE track (
      id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE,
      title TEXT, artist TEXT, album TEXT, albumArtist TEXT, genre TEXT, date TEXT, trackNumber INTEGER,
      duration REAL, fileSize INTEGER NOT NULL, modificationTime INTEGER NOT NULL, searchText TEXT NOT NULL
    ) STRICT;
    CREATE TABLE model (
      id INTEGER PRIMARY KEY AUTOINCREMENT, identifier TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
      dimension INTEGER NOT NULL CHECK (dimension > 0), data BLOB, created REAL NOT NULL
    ) STRICT;
    CREATE TABLE currentModel (
      id INTEGER PRIMARY KEY CHECK (id = 1), model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX currentModelModel ON currentModel(model);
    CREATE TABLE embedding (
      model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
      track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE, vector BLOB NOT NULL, PRIMARY KEY (model, track)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX embeddingTrack ON embedding(track);
    CREATE TABLE root (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    INSERT INTO track VALUES (5, '/m/a.mp3', 'T', 'A', 'L', 'AA', 'G', '1999', 3, 12.5, 100, 200, 't\na\naa');
    INSERT INTO model VALUES (2, 'mfcc', 'MFCC', 'test', 2, NULL, 1700000000.0);
    INSERT INTO currentModel VALUES (1, 2);
    INSERT INTO embedding VALUES (2, 5, x'0000803f000000c0');
    INSERT INTO root VALUES ('/m');
    """

  private static let revisions = """

    ALTER TABLE model ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
    CREATE TRIGGER embeddingInserted AFTER INSERT ON embedding BEGIN
      UPDATE model SET revision = random() WHERE id = NEW.model;
    END;
    CREATE TRIGGER embeddingUpdated AFTER UPDATE ON embedding BEGIN
      UPDATE model SET revision = random() WHERE id IN (OLD.model, NEW.model);
    END;
    CREATE TRIGGER embeddingDeleted AFTER DELETE ON embedding BEGIN
      UPDATE model SET revision = random() WHERE id = OLD.model;
    END;
    """

  private static let words = "\nCREATE INDEX trackSearchText ON track(searchText);"

  @Test(arguments: versions.indices, [false, true])
  func everyEarlierVersionOpensWithAllThatItHeld(version: Int, isForQuestions: Bool) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      try Self.make(path: path, version: version)
      let catalogue = try Catalogue(path: path, isForQuestions: isForQuestions)
      let track = try #require(try catalogue.track(path: "/m/a.mp3"))
      #expect((track.id.rawValue, track.tags.title, track.tags.track, track.duration) == (5, "T", 3, 12.5))
      #expect((track.fileSize, track.modificationTime) == (100, 200))
      #expect(try catalogue.search("t").map(\.id) == [track.id])
      #expect(try catalogue.currentModel()?.identifier == "mfcc")
      #expect(try catalogue.embedding(of: track.id, model: "mfcc") == [1, -2])
      #expect(try catalogue.roots() == ["/m"])
    }
  }

  @Test(arguments: versions.indices)
  func aCopyOfEveryEarlierVersionIsRestored(version: Int) throws {
    try withTemporaryFolder { folder in
      try Self.make(path: folder + "/copy", version: version)
      #expect(try Catalogue.restore(copy: folder + "/copy", to: folder + "/c") == 0)
      #expect(try Catalogue(path: folder + "/c").track(path: "/m/a.mp3")?.tags.title == "T")
    }
  }

  @Test(arguments: versions.indices)
  func everyEarlierVersionEndsWithTheLayoutOfANewCatalogue(version: Int) throws {
    try withTemporaryFolder { folder in
      try Self.make(path: folder + "/old", version: version)
      _ = try Catalogue(path: folder + "/old")
      _ = try Catalogue(path: folder + "/new")
      #expect(try Self.layout(path: folder + "/old") == Self.layout(path: folder + "/new"))
    }
  }

  private static func make(path: String, version: Int) throws {
    let pool = try DatabasePool(path: path)
    try pool.write { db in
      try db.execute(sql: versions[version].layout)
      try db.execute(sql: "PRAGMA application_id = \(0x616B_696E)")
      try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      for version in versions[...version] {
        try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [version.last])
      }
    }
  }

  /// The statements of the layout without the white space, in which they may differ.
  private static func layout(path: String) throws -> Set<String> {
    let queue = try DatabaseQueue(path: path)
    return try queue.read { db in
      let statements = try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
      return Set(statements.map { $0.filter { !$0.isWhitespace } })
    }
  }
}
