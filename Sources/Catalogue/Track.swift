/// A song as the catalogue knows it: one audio file and its tags.
public struct Track: Sendable, Hashable {
  /// The catalogue's number for it.
  public let id: TrackID
  /// The file's absolute path, byte for byte as the file system spells it: "é" as one code point and as two are
  /// different files. Only paths that are valid UTF-8 can be stored, since a `String` holds no others.
  public let path: String
  /// The title tag.
  public let title: String?
  /// The artist tag.
  public let artist: String?
  /// The album tag.
  public let album: String?
  /// The album artist tag.
  public let albumArtist: String?
  /// The genre tag.
  public let genre: String?
  /// The date tag, as written in the file (often only a year).
  public let date: String?
  /// The place on the album, from 1.
  public let track: Int?
  /// Length in seconds.
  public let duration: Double?
  /// The file's size in bytes when it was indexed.
  public let fileSize: Int64
  /// The file's modification time when it was indexed, in nanoseconds since 1970.
  public let modificationTime: Int64
}
