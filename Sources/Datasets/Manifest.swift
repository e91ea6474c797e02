import Foundation

/// A dataset: a CSV file with one song a line, with the columns `path,artist,album,genre,subgenre,class` and any that
/// the user adds. Cells may be empty; relative paths start at the manifest's folder.
public struct Manifest: Sendable, Hashable {
  /// One song.
  public struct Song: Sendable, Hashable {
    /// The path as the manifest writes it.
    public var path: String
    /// The performing artist, or several with semicolons between them; empty if unknown.
    public var artist = ""
    /// The album; empty if unknown.
    public var album = ""
    /// The genre; empty if unknown.
    public var genre = ""
    /// The sub-genre; empty if unknown.
    public var subgenre = ""
    /// The class that the song belongs to; empty if it has none.
    public var className = ""
    /// The cells of the columns `Manifest.extraColumns`.
    public var extra: [String] = []

    /// A song of which only the path is known.
    public init(path: String) { self.path = path }
  }

  /// The columns that this program knows, in the order in which it writes them.
  public static let columns = ["path", "artist", "album", "genre", "subgenre", "class"]

  /// The songs in the order of the lines, which is also the order in which equal similarities rank.
  public var songs: [Song]
  /// The names of the columns that the user added.
  public var extraColumns: [String]
  /// The folder at which relative paths start.
  public var folder: URL {
    didSet { folderPath = folder.standardizedFileURL.path }
  }
  private var folderPath: String

  /// A manifest that will lie in `folder`.
  public init(songs: [Song], extraColumns: [String] = [], folder: URL) {
    self.songs = songs
    self.extraColumns = extraColumns
    self.folder = folder
    folderPath = folder.standardizedFileURL.path
  }

  /// The absolute path of a song's file.
  public func filePath(of song: Song) -> String {
    if song.path.utf8.first == UInt8(ascii: "/") { return song.path }
    // Resolving a URL takes ten times as long as the rest of reading a line, and few paths need it.
    let isPlain = song.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    guard isPlain else { return folder.appending(path: song.path).standardizedFileURL.path }
    return (folderPath == "/" ? "/" : folderPath + "/") + song.path
  }

  /// The names of the classes, sorted.
  public var classNames: [String] { SongLabels.classNames(of: songs) }

  /// Several manifests as one, with absolute paths. A song that several of them list appears once, as first listed.
  public init(joining manifests: [Manifest]) {
    var seen: Set<String> = []
    let songs = manifests.flatMap { manifest in
      manifest.songs.map { song in
        var song = song
        (song.path, song.extra) = (manifest.filePath(of: song), [])
        return song
      }
    }.filter { seen.insert($0.path).inserted }
    self.init(songs: songs, folder: URL(filePath: "/"))
  }

  /// The same manifest with only some of its songs.
  public func selecting(_ indices: [Int]) -> Manifest {
    var result = self
    result.songs = indices.map { songs[$0] }
    return result
  }
}
