/// A song as another server tells of it. What it does not tell is nil or empty.
public struct ServerSong: Sendable, Hashable {
  /// The server's name for it.
  public var id: String
  /// The song's name, or that of its file.
  public var title: String
  /// Who performs it: each artist apart, or all in one text, or both.
  public var artists: [Artist]
  /// The album.
  public var album: String?
  /// Who made the album.
  public var albumArtist: String?
  /// The number of its disc.
  public var disc: Int?
  /// The number of the track on it.
  public var track: Int?
  /// In seconds; most servers round it.
  public var duration: Double?
  /// Where it lies, as the server sees it: an absolute path, one below a folder of music, or an invented one.
  public var path: String?

  /// An artist, and the server's name for it, if it tells one.
  public struct Artist: Sendable, Hashable {
    /// The server's name for it.
    public var id: String?
    /// Its name.
    public var name: String

    /// An artist.
    public init(id: String? = nil, name: String) {
      self.id = id
      self.name = name
    }
  }

  /// A song.
  public init(
    id: String, title: String, artists: [Artist] = [], album: String? = nil, albumArtist: String? = nil,
    disc: Int? = nil, track: Int? = nil, duration: Double? = nil, path: String? = nil
  ) {
    self.id = id
    self.title = title
    self.artists = artists
    self.album = album
    self.albumArtist = albumArtist
    self.disc = disc
    self.track = track
    self.duration = duration
    self.path = path
  }
}
