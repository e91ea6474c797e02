import Tags

/// A song that a CUE sheet finds in a file.
package struct SheetSong: Sendable, Hashable {
  /// Its name, as MPD has it: the path of the sheet, or of the file that holds the sheet, and behind it its place among the
  /// sheet's songs: "/music/album.cue/track0003".
  package var path: String
  /// The file, and where in it the song lies.
  package var source: SongSource
  /// What the sheet says of it.
  private let song: CueSheet.Song
  /// How many songs the file holds.
  package var songCount: Int

  package init(_ song: CueSheet.Song, sheet: String, file: String, songCount: Int) {
    path = Self.path(sheet: sheet, ordinal: song.ordinal)
    source = SongSource(file: file, bounds: song.bounds)
    self.song = song
    self.songCount = songCount
  }

  /// What the sheet says of it.
  package var tags: AudioTags { song.tags }
  /// A digest of what the sheet says of it.
  package var digest: Int64 { song.digest }

  /// The songs that a file itself holds.
  package static func songs(_ songs: [CueSheet.Song], inFile file: String) -> [SheetSong] {
    songs.map { SheetSong($0, sheet: file, file: file, songCount: songs.count) }
  }

  private static let name = "track"

  private static func path(sheet: String, ordinal: Int) -> String {
    let digits = String(ordinal)
    return "\(sheet)/\(name)\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
  }

  /// The path of the sheet in the name of a song, and the song's own name; nil if it does not look like one.
  package static func parts(of path: String) -> (sheet: String, name: String)? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    let last = path[path.utf8.index(after: slash)...]
    let digits = last.dropFirst(name.count)
    guard last.hasPrefix(name), digits.utf8.count >= 4, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    return (String(path[..<slash]), String(last))
  }
}
