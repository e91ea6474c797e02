internal import GRDB
import Tags

/// The layout of the database and its history. A migration that was released is never edited: a new one follows it.
///
/// Another column of `track` is a migration here, which adds it, and what `TrackColumns` says.
enum Schema {
  /// Marks the file as ours ("akin" in ASCII), so that no other program's database is taken for a catalogue.
  static let applicationID = 0x616B_696E

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 tracks, models, embeddings, roots") { db in
      try db.execute(sql: firstLayout)
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
    migrator.registerMigration("2 revisions of a model's vectors") { db in try db.execute(sql: revisions) }
    migrator.registerMigration("3 words of all tracks side by side") { db in try db.execute(sql: searchIndex) }
    migrator.registerMigration("4 several artists and genres, more tags") { db in
      try db.execute(sql: moreTags)
      try refreshWords(db)
    }
    migrator.registerMigration("5 remarks on files, mount points") { db in try db.execute(sql: remarks) }
    migrator.registerMigration("6 digests of sounds, the last indexing") { db in try db.execute(sql: soundDigests) }
    migrator.registerMigration("7 fingerprints") { db in try db.execute(sql: fingerprints) }
    migrator.registerMigration("8 years, albums by name, what listeners do and do not want") { db in
      try db.execute(sql: listening)
      try refreshNames(db)
    }
    migrator.registerMigration("9 measured tempo, loudness, brightness") { db in try db.execute(sql: measures) }
    migrator.registerMigration("10 tracks inside files") { db in try db.execute(sql: parts) }
    migrator.registerMigration("11 what is said of a song stays with its path") { db in
      try db.execute(sql: songsByPath)
    }
    migrator.registerMigration("12 users, and what each of them keeps") { db in try db.execute(sql: users) }
    migrator.registerMigration("13 songs of other servers") { db in try db.execute(sql: otherServers) }
    migrator.registerMigration("14 spaces learned for a library") { db in try db.execute(sql: learnedSpaces) }
    return migrator
  }

  /// What listeners said of a song, and that it is blocked, holds for the track of its path: it goes with a track that
  /// moves, stays while the song is gone, and is the track's again that comes back.
  ///
  /// Blocks had the numbers of songs instead. Numbers of songs that are gone never come again: nobody can tell which
  /// songs these were. A limit of length that is none blocked everything, or nothing.
  private static let songsByPath = """
    ALTER TABLE block ADD COLUMN track INTEGER REFERENCES track ON DELETE SET NULL;
    CREATE INDEX blockTrack ON block(track) WHERE track IS NOT NULL;
    DELETE FROM block WHERE kind IN ('shortest', 'longest') AND NOT (CAST(name AS REAL) > 0 AND CAST(name AS REAL) < 1e9);
    DELETE FROM block WHERE kind = 'song' AND key NOT IN (SELECT CAST(id AS TEXT) FROM track);
    UPDATE block SET track = CAST(key AS INTEGER) WHERE kind = 'song';
    UPDATE block SET (key, name) = (SELECT path, path FROM track WHERE id = block.track) WHERE kind = 'song';
    UPDATE eventSong SET track = (SELECT id FROM track WHERE track.path = eventSong.path) WHERE track IS NULL;

    CREATE TRIGGER trackCame AFTER INSERT ON track BEGIN
      UPDATE eventSong SET track = NEW.id WHERE path = NEW.path AND track IS NULL;
      UPDATE block SET track = NEW.id WHERE kind = 'song' AND key = NEW.path;
    END;
    CREATE TRIGGER trackMoved AFTER UPDATE OF path ON track WHEN NEW.path != OLD.path BEGIN
      UPDATE eventSong SET path = NEW.path WHERE track = NEW.id;
      UPDATE OR REPLACE block SET key = NEW.path, name = NEW.path WHERE track = NEW.id;
      UPDATE eventSong SET track = NEW.id WHERE path = NEW.path AND track IS NULL;
      UPDATE block SET track = NEW.id WHERE kind = 'song' AND key = NEW.path;
    END;
    """

  /// Where a track lies that is a part of a file, in seconds; for a file that is one song, nothing. Beside that what its CUE
  /// sheet said of it, as a digest, and how many songs the file holds.
  private static let parts = """
    ALTER TABLE track ADD COLUMN file TEXT;
    ALTER TABLE track ADD COLUMN startTime REAL;
    ALTER TABLE track ADD COLUMN endTime REAL;
    ALTER TABLE track ADD COLUMN sheetDigest INTEGER;
    ALTER TABLE track ADD COLUMN songCount INTEGER;
    CREATE INDEX trackFile ON track(file) WHERE file IS NOT NULL;
    """

  /// Models and tracks have whole numbers as keys here, since each of them is repeated in every embedding. Embeddings
  /// are clustered by model: reading all vectors of a model is one pass over neighbouring pages.
  private static let firstLayout = """
    CREATE TABLE track (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      path TEXT NOT NULL UNIQUE,
      title TEXT, artist TEXT, album TEXT, albumArtist TEXT, genre TEXT, date TEXT,
      trackNumber INTEGER,
      duration REAL,
      fileSize INTEGER NOT NULL,
      modificationTime INTEGER NOT NULL,
      searchText TEXT NOT NULL
    ) STRICT;

    CREATE TABLE model (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      identifier TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      kind TEXT NOT NULL,
      dimension INTEGER NOT NULL CHECK (dimension > 0),
      data BLOB,
      created REAL NOT NULL
    ) STRICT;

    CREATE TABLE currentModel (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX currentModelModel ON currentModel(model);

    CREATE TABLE embedding (
      model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
      track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
      vector BLOB NOT NULL,
      PRIMARY KEY (model, track)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX embeddingTrack ON embedding(track);

    CREATE TABLE root (
      path TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    """

  /// A random number that every change of a model's vectors replaces, so that what was derived from them (a packed
  /// index) knows whether they are still the same: also if the catalogue was made anew, or restored from a backup.
  private static let revisions = """
    ALTER TABLE model ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
    UPDATE model SET revision = random();
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
  /// Words are looked for anywhere in the text, and so in every track's: here it takes few pages to read them all.
  private static let searchIndex = "CREATE INDEX trackSearchText ON track(searchText)"

  /// Every artist and genre of a track by itself, to be looked up by the key under which spellings are one; and the
  /// version of how a track's tags were read. Lists have U+001F between their values. A checksum tells that a row has
  /// changed.
  private static let moreTags = """
    ALTER TABLE track ADD COLUMN composer TEXT;
    ALTER TABLE track ADD COLUMN originalDate TEXT;
    ALTER TABLE track ADD COLUMN trackTotal INTEGER;
    ALTER TABLE track ADD COLUMN discNumber INTEGER;
    ALTER TABLE track ADD COLUMN discTotal INTEGER;
    ALTER TABLE track ADD COLUMN compilation INTEGER;
    ALTER TABLE track ADD COLUMN isrc TEXT;
    ALTER TABLE track ADD COLUMN musicBrainzRecording TEXT;
    ALTER TABLE track ADD COLUMN musicBrainzTrack TEXT;
    ALTER TABLE track ADD COLUMN musicBrainzRelease TEXT;
    ALTER TABLE track ADD COLUMN musicBrainzReleaseGroup TEXT;
    ALTER TABLE track ADD COLUMN musicBrainzArtist TEXT;
    ALTER TABLE track ADD COLUMN musicBrainzAlbumArtist TEXT;
    ALTER TABLE track ADD COLUMN trackGain REAL;
    ALTER TABLE track ADD COLUMN trackPeak REAL;
    ALTER TABLE track ADD COLUMN albumGain REAL;
    ALTER TABLE track ADD COLUMN albumPeak REAL;
    ALTER TABLE track ADD COLUMN tagVersion INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE track ADD COLUMN undeclaredText INTEGER;
    ALTER TABLE track ADD COLUMN charset TEXT;
    ALTER TABLE track ADD COLUMN checksum INTEGER;

    CREATE TABLE trackName (
      kind TEXT NOT NULL,
      key TEXT NOT NULL,
      track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
      name TEXT NOT NULL,
      PRIMARY KEY (kind, key, track)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX trackNameTrack ON trackName(track);
    """

  /// Brings what tracks are found by up to date with how words are folded.
  private static func refreshWords(_ db: Database) throws {
    let rows = try Row.fetchAll(db, sql: "SELECT id, path, title, artist, albumArtist, genre FROM track")
    for row in rows {
      let id: Int64 = try row.checked(0)
      let path: String = try row.checked(1)
      func list(_ column: Int) throws -> [String] { try (row.checked(column) as String?).map { [$0] } ?? [] }
      let tags = AudioTags(
        title: try row.checked(2), artists: try list(3), albumArtists: try list(4), genres: try list(5))
      try db.execute(sql: TrackColumns.wordsUpdate, arguments: [TrackWords.make(tags: tags, path: path), id])
      try TrackNames.store(tags, of: id, in: db)
    }
  }

  /// What is to be said of files, whether they are tracks or not; the folders on which other file systems began; and a
  /// way to the tracks that may be one file under several names.
  private static let remarks = """
    CREATE TABLE fileRemark (
      path TEXT NOT NULL,
      kind TEXT NOT NULL,
      reason TEXT NOT NULL,
      fileSize INTEGER NOT NULL,
      modificationTime INTEGER NOT NULL,
      software TEXT NOT NULL,
      PRIMARY KEY (path, kind, reason)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE mountPoint (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE INDEX trackStamp ON track(fileSize, modificationTime);
    """

  /// What playlists are filtered by; and what listeners did (played, skipped, liked), what they never want to hear, and
  /// the mixes that they saved.
  ///
  /// Events are only added. A song that was forgotten keeps its path there, so that it is known if it comes back.
  private static let listening = """
    ALTER TABLE track ADD COLUMN year INTEGER GENERATED ALWAYS AS
      (NULLIF(CAST(substr(COALESCE(originalDate, date), 1, 4) AS INTEGER), 0)) VIRTUAL;
    CREATE INDEX trackYear ON track(year);
    CREATE INDEX trackDuration ON track(duration);

    CREATE TABLE event (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      time REAL NOT NULL,
      source TEXT NOT NULL,
      kind TEXT NOT NULL,
      value REAL,
      undone REAL
    ) STRICT;
    CREATE INDEX eventTime ON event(kind, time);
    CREATE TABLE eventSong (
      event INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
      position INTEGER NOT NULL,
      track INTEGER REFERENCES track ON DELETE SET NULL,
      path TEXT NOT NULL,
      PRIMARY KEY (event, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX eventSongTrack ON eventSong(track);
    CREATE INDEX eventSongPath ON eventSong(path);

    CREATE TABLE block (
      kind TEXT NOT NULL,
      key TEXT NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE mix (
      name TEXT PRIMARY KEY,
      request TEXT NOT NULL,
      file TEXT NOT NULL,
      songs TEXT NOT NULL,
      refreshed REAL
    ) STRICT, WITHOUT ROWID;
    """

  /// What was measured of a track's sound, with the version of the measuring. A track without a row was not measured.
  private static let measures = """
    CREATE TABLE trackMeasure (
      track INTEGER PRIMARY KEY REFERENCES track ON DELETE CASCADE,
      version INTEGER NOT NULL,
      tempo REAL,
      loudness REAL,
      brightness REAL
    ) STRICT;
    CREATE INDEX trackMeasureTempo ON trackMeasure(tempo);
    CREATE INDEX trackMeasureLoudness ON trackMeasure(loudness);
    """

  /// Adds the names of albums, and of artists that a name credits beside others.
  private static func refreshNames(_ db: Database) throws {
    for row in try Row.fetchAll(db, sql: "SELECT id, artist, albumArtist, genre, album FROM track") {
      func list(_ column: Int) throws -> [String] {
        (try row.checked(column) as String?)?.split(separator: "\u{1F}").map(String.init) ?? []
      }
      let tags = AudioTags(
        artists: try list(1), album: try row.checked(4), albumArtists: try list(2), genres: try list(3))
      try TrackNames.store(tags, of: row.checked(0), in: db)
    }
  }

  /// What a song's file is recognised by when it has moved; and what the last indexing did.
  private static let soundDigests = """
    ALTER TABLE track ADD COLUMN soundDigest TEXT;
    CREATE INDEX trackSoundDigest ON track(soundDigest);
    CREATE TABLE lastIndexing (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      began REAL NOT NULL,
      seconds REAL NOT NULL,
      model TEXT NOT NULL,
      added INTEGER NOT NULL,
      updated INTEGER NOT NULL,
      moved INTEGER NOT NULL,
      unchanged INTEGER NOT NULL,
      forgotten INTEGER NOT NULL,
      skipped INTEGER NOT NULL,
      interrupted INTEGER NOT NULL
    ) STRICT;
    """

  /// What recordings are known again by, and what is known of their files beside; the pairs of tracks that are copies of
  /// one recording; and the groups that these make, named by their first track, for whoever asks of a few tracks whether
  /// they are one recording.
  private static let fingerprints = """
    CREATE TABLE fingerprint (
      track INTEGER PRIMARY KEY REFERENCES track ON DELETE CASCADE,
      version INTEGER NOT NULL,
      data BLOB NOT NULL,
      codec TEXT NOT NULL,
      sampleRate INTEGER NOT NULL,
      channelCount INTEGER NOT NULL,
      isCompared INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX fingerprintNotCompared ON fingerprint(track) WHERE isCompared = 0;
    CREATE TABLE copy (
      track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
      other INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
      errorRate REAL NOT NULL,
      PRIMARY KEY (track, other)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX copyOther ON copy(other);
    CREATE TABLE recording (
      track INTEGER PRIMARY KEY REFERENCES track ON DELETE CASCADE,
      recording INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX recordingTracks ON recording(recording);
    """

  /// Who may log in, and what each user keeps: playlists, stars and ratings, the play queue,
  /// and places in songs. An owner is the name of a user; as long as there is no user, it is empty.
  ///
  /// As in events, a song that was forgotten keeps its path, so that it is known if it comes back. A star of a song names
  /// the event that says so, too.
  private static let users = """
    CREATE TABLE user (
      name TEXT PRIMARY KEY,
      password BLOB NOT NULL,
      created REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE apiKey (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      user TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      digest TEXT NOT NULL UNIQUE,
      created REAL NOT NULL
    ) STRICT;
    CREATE INDEX apiKeyUser ON apiKey(user);

    CREATE TABLE playlist (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      owner TEXT NOT NULL,
      name TEXT NOT NULL,
      comment TEXT NOT NULL DEFAULT '',
      isPublic INTEGER NOT NULL DEFAULT 0,
      created REAL NOT NULL,
      changed REAL NOT NULL
    ) STRICT;
    CREATE TABLE playlistSong (
      playlist INTEGER NOT NULL REFERENCES playlist ON DELETE CASCADE,
      position INTEGER NOT NULL,
      track INTEGER REFERENCES track ON DELETE SET NULL,
      path TEXT NOT NULL,
      PRIMARY KEY (playlist, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX playlistSongTrack ON playlistSong(track);

    CREATE TABLE playQueue (
      owner TEXT PRIMARY KEY,
      current INTEGER,
      position INTEGER NOT NULL,
      changed REAL NOT NULL,
      changedBy TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE playQueueSong (
      owner TEXT NOT NULL REFERENCES playQueue ON DELETE CASCADE ON UPDATE CASCADE,
      position INTEGER NOT NULL,
      track INTEGER REFERENCES track ON DELETE SET NULL,
      path TEXT NOT NULL,
      PRIMARY KEY (owner, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX playQueueSongTrack ON playQueueSong(track);

    CREATE TABLE star (
      owner TEXT NOT NULL,
      track INTEGER REFERENCES track ON DELETE SET NULL,
      path TEXT NOT NULL,
      time REAL NOT NULL,
      event INTEGER REFERENCES event ON DELETE SET NULL,
      PRIMARY KEY (owner, path)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX starTrack ON star(track);
    CREATE INDEX starEvent ON star(event);
    CREATE TABLE groupMark (
      owner TEXT NOT NULL,
      id TEXT NOT NULL,
      starred REAL,
      rating INTEGER,
      PRIMARY KEY (owner, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE bookmark (
      owner TEXT NOT NULL,
      track INTEGER REFERENCES track ON DELETE SET NULL,
      path TEXT NOT NULL,
      position INTEGER NOT NULL,
      comment TEXT NOT NULL,
      created REAL NOT NULL,
      changed REAL NOT NULL,
      PRIMARY KEY (owner, path)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX bookmarkTrack ON bookmark(track);

    CREATE TRIGGER keptSongMoved AFTER UPDATE OF path ON track WHEN NEW.path != OLD.path BEGIN
      UPDATE playlistSong SET path = NEW.path WHERE track = NEW.id;
      UPDATE playQueueSong SET path = NEW.path WHERE track = NEW.id;
      UPDATE OR REPLACE star SET path = NEW.path WHERE track = NEW.id;
      UPDATE OR REPLACE bookmark SET path = NEW.path WHERE track = NEW.id;
    END;
    """

  /// The names that other servers have for songs and artists. Like what listeners say of a song, they stay with its path.
  private static let otherServers = """
    CREATE TABLE otherServer (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      address TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      synced REAL NOT NULL
    ) STRICT;
    CREATE TABLE otherServerSong (
      server INTEGER NOT NULL REFERENCES otherServer ON DELETE CASCADE,
      id TEXT NOT NULL,
      path TEXT NOT NULL,
      PRIMARY KEY (server, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE otherServerArtist (
      server INTEGER NOT NULL REFERENCES otherServer ON DELETE CASCADE,
      id TEXT NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (server, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX otherServerSongPath ON otherServerSong(path);
    CREATE TRIGGER otherServerSongMoved AFTER UPDATE OF path ON track WHEN NEW.path != OLD.path BEGIN
      UPDATE otherServerSong SET path = NEW.path WHERE path = OLD.path;
    END;
    """

  /// How a model's vectors are compared in this library, as learned from its tags or its listener's answers; and what came
  /// of learning, also if nothing was adopted: then there are no data. What is adopted or forgotten counts as a change of
  /// the model's vectors, since all that was derived from them is out of date.
  private static let learnedSpaces = """
    CREATE TABLE learnedSpace (
      space TEXT NOT NULL,
      kind TEXT NOT NULL,
      model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
      created REAL NOT NULL,
      record TEXT NOT NULL,
      data BLOB,
      PRIMARY KEY (space, kind)
    ) STRICT;
    CREATE INDEX learnedSpaceModel ON learnedSpace(model);
    CREATE TRIGGER learnedSpaceInserted AFTER INSERT ON learnedSpace WHEN NEW.data IS NOT NULL BEGIN
      UPDATE model SET revision = random() WHERE id = NEW.model;
    END;
    CREATE TRIGGER learnedSpaceUpdated AFTER UPDATE ON learnedSpace WHEN NEW.data IS NOT OLD.data BEGIN
      UPDATE model SET revision = random() WHERE id = NEW.model;
    END;
    CREATE TRIGGER learnedSpaceDeleted AFTER DELETE ON learnedSpace WHEN OLD.data IS NOT NULL BEGIN
      UPDATE model SET revision = random() WHERE id = OLD.model;
    END;
    """
}
