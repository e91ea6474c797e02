import Foundation
import Tags

/// Tells which songs belong to one album: those with the same album title that also share the artist or the folder.
///
/// A title alone is not enough, since many bands have an album "Greatest Hits". Either of the others will do, since a
/// compilation has many artists, and an album of two discs may have two folders.
struct AlbumNumbers {
  /// A number for each song, equal for songs of one album; nil if a song has no album.
  let numbers: [Int?]

  /// Numbers the albums of songs at absolute paths.
  init(_ songs: [(song: Manifest.Song, path: String)]) {
    struct Key: Hashable {
      var title: String
      var isArtist: Bool
      var text: String
    }
    var parents = Array(songs.indices)
    func root(_ song: Int) -> Int {
      var song = song
      while parents[song] != song {
        parents[song] = parents[parents[song]]
        song = parents[song]
      }
      return song
    }
    var firsts: [Key: Int] = [:]
    for (index, (song, path)) in songs.enumerated() {
      let (title, artist) = (NameKey.key(of: song.album), SongLabels.artistKey(of: song))
      guard !title.isEmpty else { continue }
      let folder = String(
        decoding: path.utf8.prefix(upTo: path.utf8.lastIndex(of: 0x2F) ?? path.utf8.startIndex), as: UTF8.self)
      var keys = [Key(title: title, isArtist: false, text: folder)]
      if !artist.isEmpty { keys.append(Key(title: title, isArtist: true, text: artist)) }
      for key in keys {
        if let first = firsts[key] { parents[root(index)] = root(first) } else { firsts[key] = index }
      }
    }
    numbers = songs.indices.map { songs[$0].song.album.allSatisfy(\.isWhitespace) ? nil : root($0) }
  }

  /// Numbers the albums of a manifest.
  init(_ manifest: Manifest) { self.init(manifest.songs.map { ($0, manifest.filePath(of: $0)) }) }
}
