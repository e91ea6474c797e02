import AudioDecoding
import AudioFiles
import Foundation
import Tags

/// Makes a manifest of a folder of tagged music.
public struct FolderDataset: Sendable {
  /// The label by which songs form classes.
  public enum Grouping: String, CaseIterable, Sendable {
    /// The artist; if a song has none, the album's artist.
    case artist
    /// The album together with its artist.
    case album
    /// The genre.
    case genre
    /// The folder that the file lies in, relative to the folder that was named: "Rock/Live".
    case folder
  }

  /// The manifest, and what was left out of it.
  public struct Result: Sendable {
    /// The songs of the classes that are large enough.
    public var manifest: Manifest
    /// The number of songs without a class, since the tag is missing.
    public var withoutClass = 0
    /// The number of songs in classes that are too small.
    public var inSmallClasses = 0
    /// The number of classes that are too small.
    public var smallClasses = 0
    /// Files that could not be read, and why.
    public var skipped: [(path: String, reason: String)] = []
    /// Videos that were left out.
    public var videos = 0
    /// How many files were left out because their ending is not one of music, by the ending in small letters without
    /// its dot; empty for none.
    public var leftOut: [String: Int] = [:]
  }

  /// The label by which songs form classes.
  public let grouping: Grouping
  /// The least number of songs in a class.
  public let minimum: Int
  /// How many files are read at once.
  public let threads: Int
  /// The code page of tags that do not declare theirs; nil to find it out where an album is clear.
  public let charset: LegacyCharset?
  /// Whether videos are songs.
  public let videos: Bool

  /// A dataset with classes by `grouping`, each with at least `minimum` songs.
  public init(
    grouping: Grouping, minimum: Int, threads: Int, videos: Bool = false, charset: LegacyCharset? = nil
  ) {
    self.grouping = grouping
    self.minimum = minimum
    self.threads = threads
    self.charset = charset
    self.videos = videos
  }

  /// Reads the tags of all audio files below `folder`, each file once, for a manifest that will lie in
  /// `manifestFolder`; nil for absolute paths.
  ///
  /// - Parameter report: is told how many files are read; called from any thread, one call at a time.
  public func make(
    from folder: String, manifestFolder: URL?, report: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(DatasetError) -> Result {
    let walk = AudioFileWalk(root: AudioFileWalk.absolutePath(folder))
    if let failure = walk.unreadable.first, walk.files.isEmpty {
      throw DatasetError(path: failure.path, reason: failure.reason, remedy: "Name a folder of music.")
    }
    guard !walk.files.isEmpty else {
      throw DatasetError(path: folder, reason: "there is no audio file in it", remedy: "Name a folder of music.")
    }
    let files = walk.distinctFiles.map(\.path)
    let infos = SongListening(threads: threads, worker: {}).results(
      files, progress: { report($0, files.count) }
    ) { path, _ in
      // What is named itself is asked for.
      if !videos && path != walk.root { try VideoLeftOut.check(path) }
      return try AudioDecoder.info(ofFile: path)
    }
    var result = Result(
      manifest: Manifest(songs: [], extraColumns: ["title"], folder: manifestFolder ?? URL(filePath: "/")))
    (result.skipped, result.leftOut) = (walk.unreadable, walk.leftOut)
    let charsets = charsets(
      of: zip(files, infos).compactMap { path, info in (try? info.get()).map { (path, $0.tags) } })
    for (path, info) in zip(files, infos) {
      switch info {
      case .success(let info):
        let charset = charsets[Self.folder(of: path)].flatMap { $0.suits(info.tags.undeclaredTexts) ? $0 : nil }
        let tags = (self.charset ?? charset).map(info.tags.decoded) ?? info.tags
        add(path, root: walk.root, tags: tags, to: &result)
      case .failure(is VideoLeftOut): result.videos += 1
      case .failure(let error): result.skipped.append((path, error.reasonToSkip))
      }
    }
    chooseClasses(&result)
    result.manifest.unifyClassNames()
    (result.smallClasses, result.inSmallClasses) = result.manifest.removeClasses(below: minimum)
    return result
  }

  /// The code page of each folder whose songs do not declare theirs; an album is a folder here.
  private func charsets(of songs: [(path: String, tags: AudioTags)]) -> [String: LegacyCharset] {
    guard charset == nil else { return [:] }
    let open = songs.filter { !$0.tags.undeclared.isEmpty }
    return Dictionary(grouping: open) { Self.folder(of: $0.path) }
      .compactMapValues { LegacyCharset.detect(inAlbum: $0.map(\.tags)) }
  }

  private static func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }

  private func add(_ path: String, root: String, tags: AudioTags, to result: inout Result) {
    var song = Manifest.Song(
      path: Manifest.path(path, from: AudioFileWalk.absolutePath(result.manifest.folder.path)))
    song.artist = tags.artist ?? tags.albumArtist ?? ""
    song.album = tags.album ?? ""
    song.genre = tags.genre ?? ""
    song.extra = [tags.title ?? ""]
    switch grouping {
    case .artist, .genre: song.className = (grouping == .artist ? song.artist : song.genre)
    case .album:
      let artist = tags.albumArtist ?? song.artist
      song.className = song.album.isEmpty ? "" : artist.isEmpty ? song.album : "\(artist) – \(song.album)"
    case .folder: song.className = Self.folderName(of: path, below: root)
    }
    if song.className.isEmpty {
      result.withoutClass += 1
    } else {
      result.manifest.songs.append(song)
    }
  }

  /// Chooses, for each song with several artists or genres, the first of them that is large enough, or else the first.
  private func chooseClasses(_ result: inout Result) {
    guard grouping == .artist || grouping == .genre else { return }
    let names = result.manifest.songs.map { song in
      song.className.split(separator: AudioTags.separator).map {
        (name: String($0), key: NameKey.key(of: String($0)))
      }
    }
    var sizes: [String: Int] = [:]
    for names in names { for key in Set(names.map(\.key)) { sizes[key, default: 0] += 1 } }
    for (index, names) in names.enumerated() {
      let large = names.first { sizes[$0.key, default: 0] >= minimum }
      result.manifest.songs[index].className = (large ?? names.first)?.name ?? ""
    }
  }

  /// The folder relative to the root. Its name alone is not enough, since many albums have a folder "CD 1".
  private static func folderName(of path: String, below root: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    let below = root == "/" ? folder.dropFirst() : folder.dropFirst(root.count + 1)
    return below.isEmpty ? (folder as NSString).lastPathComponent : String(below)
  }
}
