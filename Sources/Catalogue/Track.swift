// Whoever reads a track reads its tags.
@_exported import Tags

/// A song as the catalogue knows it: an audio file, or a part of one, and its tags.
public struct Track: Sendable, Hashable {
  /// The catalogue's number for it.
  public var id: TrackID
  /// The file's absolute path, byte for byte as the file system spells it: "é" as one code point and as two are
  /// different files. Only paths that are valid UTF-8 can be stored, since a `String` holds no others.
  ///
  /// A song that a CUE sheet finds in a file has MPD's name for it: "/music/album.cue/track0003".
  public var path: String
  /// The file that holds the song, and which part of it the song is.
  public var source: SongSource
  /// What the file says about its song.
  public var tags: AudioTags
  /// Length in seconds.
  public var duration: Double?
  /// The file's size in bytes when it was indexed.
  public var fileSize: Int64
  /// The file's modification time when it was indexed, in nanoseconds since 1970.
  public var modificationTime: Int64

  package init(
    id: TrackID, path: String, source: SongSource, tags: AudioTags, duration: Double?, fileSize: Int64,
    modificationTime: Int64
  ) {
    self.id = id
    self.path = path
    self.source = source
    self.tags = tags
    self.duration = duration
    self.fileSize = fileSize
    self.modificationTime = modificationTime
  }
}
