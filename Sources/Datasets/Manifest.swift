import Foundation

/// A dataset: a CSV file with one song a line, `path,artist,album,genre,subgenre,class` and any columns of the user's
/// own. Cells may be empty; relative paths start at the manifest's folder.
public struct Manifest: Sendable, Hashable {
  /// One song.
  public struct Song: Sendable, Hashable {
    /// The path as the manifest has it.
    public var path: String
    /// The performing artist; empty where unknown.
    public var artist = ""
    /// The album; empty where unknown.
    public var album = ""
    /// The genre; empty where unknown.
    public var genre = ""
    /// The sub-genre; empty where unknown.
    public var subgenre = ""
    /// The class that the song belongs to; empty where it belongs to none.
    public var className = ""
    /// The cells of `Manifest.extraColumns`.
    public var extra: [String] = []

    /// A song of which only the path is known.
    public init(path: String) { self.path = path }
  }

  /// The columns that this program knows, in the order in which it writes them.
  public static let columns = ["path", "artist", "album", "genre", "subgenre", "class"]

  /// The songs in the order of the lines, which is also the order in which equal similarities rank.
  public var songs: [Song]
  /// The names of the user's own columns.
  public var extraColumns: [String]
  /// What relative paths start at.
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
    // URLs take ten times as long as the rest of reading a manifest, and few paths have anything to resolve.
    let isPlain = song.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    guard isPlain else { return folder.appending(path: song.path).standardizedFileURL.path }
    return (folderPath == "/" ? "/" : folderPath + "/") + song.path
  }

  /// The names of the classes, sorted.
  public var classNames: [String] { Set(songs.map(\.className)).subtracting([""]).sorted() }

  /// Several manifests as one, with absolute paths. A song that several of them list comes once, as first listed.
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

  /// The same manifest with some of its songs.
  public func selecting(_ indices: [Int]) -> Manifest {
    var result = self
    result.songs = indices.map { songs[$0] }
    return result
  }
}
