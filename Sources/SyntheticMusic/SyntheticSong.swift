import AudioDecoding
import Reproducibility

/// A song of a ``SyntheticCollection``: its tags, and the path of its file.
public struct SyntheticSong: Sendable, Hashable {
  /// The band.
  public let artist: String
  /// One of the band's albums.
  public let album: String
  /// The title, unique within the band.
  public let title: String
  /// The genre, which two bands may share.
  public let genre: String
  /// Position on the album, from 1.
  public let trackNumber: Int
  /// "Artist/Album/01 Title.flac", below the collection's folder.
  public let relativePath: String

  /// How its file is written.
  public let format: AudioFileFormat

  /// Index of the band in the collection.
  package let bandIndex: Int
  /// Index of the song within its band.
  package let songIndex: Int
}

extension SyntheticSong {
  private static let songsPerAlbum = 6
  /// Of a dozen songs one is an MP3 and one Ogg Vorbis, which are slow to write; no band has a format of its own.
  private static let formats: [AudioFileFormat] = [
    .flac, .flac, .mp3, .flac, .ogg, .flac, .flac, .flac, .flac, .flac, .flac, .flac,
  ]

  init(bandIndex: Int, songIndex: Int, seed: UInt64) {
    self.bandIndex = bandIndex
    self.songIndex = songIndex
    let style = BandStyle.all[bandIndex]
    artist = style.name
    genre = style.genre
    // Two albums of six; what is more goes on them in turn.
    album = style.albums[(songIndex / Self.songsPerAlbum) % style.albums.count]
    trackNumber =
      songIndex % Self.songsPerAlbum + 1
      + Self.songsPerAlbum * (songIndex / (Self.songsPerAlbum * style.albums.count))
    var generator = SeededGenerator(seed: seed ^ UInt64(bandIndex + 1) << 40)
    let titles = style.titleWords.0.flatMap { first in style.titleWords.1.map { "\(first) \($0)" } }
    title = titles.shuffled(using: &generator)[songIndex]
    format = Self.formats[(songIndex + bandIndex) % Self.formats.count]
    let number = trackNumber < 10 ? "0\(trackNumber)" : "\(trackNumber)"
    relativePath = "\(artist)/\(album)/\(number) \(title).\(format.fileExtension)"
  }
}
