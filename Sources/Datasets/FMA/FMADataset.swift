import Foundation

/// Makes a manifest of the dataset FMA, the Free Music Archive (Defferrard et al., *FMA: A Dataset for Music Analysis*,
/// 2017; the paper's own data, 2.1).
public struct FMADataset: Sendable {
  /// The label by which songs form classes.
  public enum Grouping: String, CaseIterable, Sendable {
    /// The artist.
    case artist
    /// The album together with its artist.
    case album
    /// The root genre; a song with several root genres has no class.
    case genre
    /// The most specific genre.
    case subgenre
  }

  /// The manifest, and what was left out of it.
  public struct Result: Sendable {
    /// The songs of the classes that are large enough, with the extra columns `track_id`, `title`, `subset` and
    /// `split`, which is FMA's own: training, validation or test.
    public var manifest: Manifest
    /// The number of songs that the metadata list for the subset.
    public var listed = 0
    /// The track numbers of clips that are known to be broken in FMA.
    public var broken: [Int] = []
    /// Files that do not exist.
    public var missing: [String] = []
    /// The number of songs without a class, since the label is missing.
    public var withoutClass = 0
    /// The number of classes that are too small.
    public var smallClasses = 0
    /// The number of songs in these classes.
    public var inSmallClasses = 0

    /// FMA's own split.
    ///
    /// - Throws: `DatasetError` if a part has no song.
    public func officialParts() throws(DatasetError) -> DatasetParts {
      func part(_ name: String) throws(DatasetError) -> Manifest {
        let indices = manifest.songs.indices.filter { manifest.songs[$0].extra[3] == name }
        guard indices.isEmpty else { return manifest.selecting(indices) }
        throw DatasetError(
          path: manifest.folder.path, reason: "FMA's own split leaves no song for \(name)",
          remedy: "Take a larger subset, or split it with `akin dataset split`.")
      }
      return try DatasetParts(training: part("training"), validation: part("validation"), test: part("test"))
    }
  }

  /// Where FMA's files lie.
  public let layout: FMALayout
  /// The label by which songs form classes.
  public let grouping: Grouping
  /// The least number of songs in a class.
  public let minimum: Int

  /// A dataset with classes by `grouping`, each with at least `minimum` songs.
  public init(layout: FMALayout, grouping: Grouping, minimum: Int) {
    self.layout = layout
    self.grouping = grouping
    self.minimum = minimum
  }

  /// Reads the metadata, for a manifest that will lie in `manifestFolder`; nil for absolute paths.
  ///
  /// - Throws: `DatasetError` if the metadata are not FMA's, or are damaged.
  public func make(manifestFolder: URL?) throws(DatasetError) -> Result {
    let genres = try FMAGenres(contentsOf: layout.metadata.appending(path: "genres.csv"))
    let file = layout.metadata.appending(path: "tracks.csv")
    var table = try FMATable(contentsOf: file, headerLines: 3)
    let columns = try Columns(table)
    var result = Result(
      manifest: Manifest(
        songs: [], extraColumns: ["track_id", "title", "subset", "split"], folder: manifestFolder ?? URL(filePath: "/"))
    )
    let folder = result.manifest.folder.standardizedFileURL.path
    var seen: Set<Int> = []
    while let row = try table.next() {
      let id = try row.number(columns.id)
      guard seen.insert(id).inserted else { throw row.problem("lists track \(id) again") }
      // A row without a known subset belongs to the full dataset only.
      let subset = FMASubset(rawValue: row.cells[columns.subset]) ?? .full
      guard subset <= layout.subset else { continue }
      result.listed += 1
      let path = layout.path(ofTrack: id)
      if !layout.isUntrimmed && FMASubset.brokenClips.contains(id) {
        result.broken.append(id)
      } else if !FileManager.default.fileExists(atPath: path) {
        result.missing.append(path)
      } else {
        let song = try song(row, columns, genres: genres, path: Manifest.path(path, from: folder))
        if song.className.isEmpty { result.withoutClass += 1 } else { result.manifest.songs.append(song) }
      }
    }
    (result.smallClasses, result.inSmallClasses) = result.manifest.removeClasses(below: minimum)
    return result
  }

  /// The indices of the columns that are used.
  private struct Columns {
    let id, title, artist, album, genre, genres, subset, split: Int

    init(_ table: FMATable) throws(DatasetError) {
      id = try table.column("track_id")
      title = try table.column("track/title")
      artist = try table.column("artist/name")
      album = try table.column("album/title")
      genre = try table.column("track/genre_top")
      genres = try table.column("track/genres")
      subset = try table.column("set/subset")
      split = try table.column("set/split")
    }
  }

  private func song(
    _ row: FMATable.Row, _ columns: Columns, genres: FMAGenres, path: String
  ) throws(DatasetError) -> Manifest.Song {
    func text(_ column: Int) -> String { row.cells[column].trimmingCharacters(in: .whitespacesAndNewlines) }
    var song = Manifest.Song(path: path)
    (song.artist, song.album, song.genre) = (text(columns.artist), text(columns.album), text(columns.genre))
    song.subgenre = genres.subgenre(of: try row.numbers(columns.genres), root: song.genre)
    song.extra = [text(columns.id), text(columns.title), text(columns.subset), text(columns.split)]
    switch grouping {
    case .artist: song.className = song.artist
    case .album:
      let hasBoth = !song.album.isEmpty && !song.artist.isEmpty
      song.className = hasBoth ? "\(song.artist) – \(song.album)" : song.album
    case .genre: song.className = song.genre
    case .subgenre: song.className = song.subgenre
    }
    return song
  }
}
