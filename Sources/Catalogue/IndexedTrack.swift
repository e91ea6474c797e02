import Tags

/// What an indexer found out about one song, ready to be stored.
public struct IndexedTrack: Sendable {
  /// The file's absolute path, byte for byte as the file system spells it; for a part of a file, see ``Track/path``.
  public var path: String
  /// The file that holds the song, and which part of it the song is.
  public var source: SongSource
  /// What a CUE sheet said of the song, as a digest, and how many songs it finds in the file; nil for a file that is one
  /// song.
  package var sheetEntry: SheetEntry?
  /// The file's size in bytes.
  public var fileSize: Int64
  /// The file's modification time, in nanoseconds since 1970.
  public var modificationTime: Int64
  /// What the file says about its song.
  public var tags: AudioTags
  /// The version of the reading of these tags; see `AudioTags.readingVersion`.
  package var tagVersion = AudioTags.readingVersion
  /// Length in seconds.
  public var duration: Double?
  /// What the file is recognised by if it moves: equal for files of the same sound; nil if that is not known.
  public var soundDigest: String?
  /// The vectors of the song, by the identifier of the model that made each; several if one pass over the file served
  /// several models.
  public var embeddings: [String: [Float]]
  /// What the recording is known again by, if that was made.
  public var fingerprint: StoredFingerprint?

  /// What was measured of its sound; nil if nothing was, and what is known stays.
  public var measures: TrackMeasures?

  /// A file that was read as `fileSize` bytes of `modificationTime`.
  public init(
    path: String, fileSize: Int64, modificationTime: Int64, tags: AudioTags = AudioTags(), duration: Double? = nil,
    soundDigest: String? = nil, embeddings: [String: [Float]] = [:], fingerprint: StoredFingerprint? = nil,
    measures: TrackMeasures? = nil, source: SongSource? = nil
  ) {
    self.path = path
    self.source = source ?? SongSource(file: path)
    self.fileSize = fileSize
    self.modificationTime = modificationTime
    self.tags = tags
    self.duration = duration
    self.soundDigest = soundDigest
    self.embeddings = embeddings
    self.fingerprint = fingerprint
    self.measures = measures
  }
}

/// What is remembered of what a CUE sheet said of a song.
package struct SheetEntry: Sendable, Hashable {
  /// A digest of what it said.
  package var digest: Int64
  /// How many songs it found in the file.
  package var songCount: Int

  /// A digest, and the number of songs in the file.
  package init(digest: Int64, songCount: Int) {
    self.digest = digest
    self.songCount = songCount
  }
}
