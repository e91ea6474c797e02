/// What a file says about its song. Absent, empty and blank tags are nil.
public struct AudioTags: Sendable, Hashable, Codable {
  /// The song's name.
  public var title: String?
  /// Who performs it.
  public var artist: String?
  /// The album's name.
  public var album: String?
  /// Who made the album; on a compilation this differs from the song's artist.
  public var albumArtist: String?
  /// The genre as tagged.
  public var genre: String?
  /// The date of release as tagged: usually a year, or a date as in ISO 8601.
  public var date: String?
  /// The number of the track on its album.
  public var track: Int?

  /// Creates tags; every one may be left out.
  public init(
    title: String? = nil, artist: String? = nil, album: String? = nil, albumArtist: String? = nil,
    genre: String? = nil, date: String? = nil, track: Int? = nil
  ) {
    self.title = title
    self.artist = artist
    self.album = album
    self.albumArtist = albumArtist
    self.genre = genre
    self.date = date
    self.track = track
  }
}
