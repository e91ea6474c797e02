/// What an indexer found out about one file, ready to be stored.
public struct IndexedTrack: Sendable {
  /// The file's absolute path, byte for byte as the file system spells it.
  public var path: String
  /// The file's size in bytes.
  public var fileSize: Int64
  /// The file's modification time, in nanoseconds since 1970.
  public var modificationTime: Int64
  /// The title tag.
  public var title: String?
  /// The artist tag.
  public var artist: String?
  /// The album tag.
  public var album: String?
  /// The album artist tag.
  public var albumArtist: String?
  /// The genre tag.
  public var genre: String?
  /// The date tag, as written in the file.
  public var date: String?
  /// The place on the album, from 1.
  public var track: Int?
  /// Length in seconds.
  public var duration: Double?
  /// The vectors of the song, by the identifier of the model that made each; several where one pass over the file
  /// served several models.
  public var embeddings: [String: [Float]]

  /// A file that was read as `fileSize` bytes of `modificationTime`, with whatever tags it has.
  public init(
    path: String, fileSize: Int64, modificationTime: Int64, title: String? = nil, artist: String? = nil,
    album: String? = nil, albumArtist: String? = nil, genre: String? = nil, date: String? = nil, track: Int? = nil,
    duration: Double? = nil, embeddings: [String: [Float]] = [:]
  ) {
    self.path = path
    self.fileSize = fileSize
    self.modificationTime = modificationTime
    self.title = title
    self.artist = artist
    self.album = album
    self.albumArtist = albumArtist
    self.genre = genre
    self.date = date
    self.track = track
    self.duration = duration
    self.embeddings = embeddings
  }
}
