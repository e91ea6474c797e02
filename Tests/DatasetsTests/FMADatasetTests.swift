import Datasets
import Foundation
import TestSupport
import Testing

/// FMA's layout in small: its three header lines, cells over several lines, subsets, genres with parents.
struct FMAFolder {
  let folder: TemporaryFolder

  struct Track {
    var id: Int
    var artist = "A"
    var album = "B"
    var genre = "Rock"
    var genres = "[12]"
    var subset = "small"
    var split = "training"
    var title = "T"
  }

  static let genres = """
    genre_id,#tracks,parent,title,top_level
    10,1,0,Pop,10
    12,1,0,Rock,12
    25,1,12,Punk,12
    89,1,25,Post-Punk,12
    76,1,10,Experimental Pop,10
    500,1,501,Snake,501
    501,1,500,Tail,500

    """

  init(_ tracks: [Track], onDisk: Set<Int>, in name: String = "fma_small") throws {
    folder = try TemporaryFolder()
    try folder.write(Self.genres, to: "fma_metadata/genres.csv")
    try folder.write(Self.table(tracks), to: "fma_metadata/tracks.csv")
    for id in onDisk {
      let digits = String(repeating: "0", count: 6 - String(id).count) + String(id)
      try folder.write("sound", to: "\(name)/\(digits.prefix(3))/\(digits).mp3")
    }
  }

  static func table(_ tracks: [Track]) -> String {
    let header = """
      ,album,artist,artist,set,set,track,track,track
      ,title,bio,name,split,subset,genre_top,genres,title
      track_id,,,,,,,,

      """
    return header
      + tracks.map { track in
        let cells = [
          "\(track.id)", track.album, "<p>one\n\"two\", three</p>", track.artist, track.split, track.subset,
          track.genre,
          track.genres, track.title,
        ]
        return cells.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\n"
      }.joined()
  }
}

@Suite struct FMADatasetTests {
  private func make(
    _ fma: FMAFolder, root: String = "", subset: FMASubset? = nil, grouping: FMADataset.Grouping = .genre,
    minimum: Int = 1
  ) throws -> FMADataset.Result {
    let layout = try FMALayout(root: fma.folder(root), subset: subset)
    return try FMADataset(layout: layout, grouping: grouping, minimum: minimum).make(manifestFolder: fma.folder.url)
  }

  @Test func readsAcrossHeaderLinesAndLineBreaks() throws {
    let fma = try FMAFolder(
      [
        .init(id: 2, artist: "Nicky Cook\n", album: "Ünïted, 音楽", genres: "[12, 89, 25]", title: "\"Say\""),
        .init(id: 123_456, genre: "Pop", genres: "[89, 76]", split: "test"),
      ], onDisk: [2, 123_456])
    let result = try make(fma)
    let songs = result.manifest.songs
    #expect(songs.map(\.path) == ["fma_small/000/000002.mp3", "fma_small/123/123456.mp3"])
    #expect(songs.map(\.artist) == ["Nicky Cook", "A"] && songs[0].album == "Ünïted, 音楽")
    // The deepest genre, but only below the root genre where that is known.
    #expect(songs.map(\.subgenre) == ["Post-Punk", "Experimental Pop"])
    #expect(songs.map(\.className) == ["Rock", "Pop"])
    #expect(result.manifest.extraColumns == ["track_id", "title", "subset", "split"])
    #expect(songs[0].extra == ["2", "\"Say\"", "small", "training"])
    #expect((result.listed, result.broken, result.missing) == (2, [], []))
  }

  @Test(arguments: [
    (FMADataset.Grouping.artist, ["X", "Y", "Z"]), (.album, ["X – One", "Y – One", "Z"]), (.genre, ["Rock"]),
    (.subgenre, ["Punk"]),
  ])
  func groups(grouping: FMADataset.Grouping, classes: [String]) throws {
    let fma = try FMAFolder(
      [
        .init(id: 1, artist: "X", album: "One", genres: "[25]"), .init(id: 2, artist: "Y", album: "One"),
        .init(id: 3, artist: "Z", album: grouping == .album ? "" : "Two", genre: "", genres: "[12, 10]"),
      ], onDisk: [1, 2, 3])
    let result = try make(fma, grouping: grouping)
    let expected = grouping == .album ? Array(classes.prefix(2)) : classes
    #expect(result.manifest.classNames == expected)
    #expect(result.withoutClass == 3 - result.manifest.songs.count)
  }

  @Test(arguments: [
    (FMASubset.small, [1]), (.medium, [1, 2]), (.large, [1, 2, 3]), (.full, [1, 2, 3, 4]),
  ])
  func subsetsAreNested(subset: FMASubset, ids: [Int]) throws {
    let tracks = ["small", "medium", "large", ""].enumerated().map {
      FMAFolder.Track(id: $0.offset + 1, subset: $0.element)
    }
    let fma = try FMAFolder(tracks, onDisk: [1, 2, 3, 4], in: "fma_full")
    let result = try make(fma, subset: subset)
    #expect(result.manifest.songs.map { Int($0.extra[0]) } == ids)
    #expect(result.listed == ids.count && result.missing.isEmpty)
  }

  @Test(arguments: [("fma_medium", true), ("fma_full", false)])
  func brokenAndMissingSongsAreLeftOutAndCounted(name: String, isTrimmed: Bool) throws {
    let fma = try FMAFolder(
      [.init(id: 1), .init(id: 7), .init(id: 98_565), .init(id: 133_297, subset: "medium")],
      onDisk: [1, 98_565, 133_297], in: name)
    let result = try make(fma, subset: .medium)
    #expect(result.broken == (isTrimmed ? [98_565, 133_297] : []))
    #expect(result.missing == [fma.folder("\(name)/000/000007.mp3")])
    #expect(result.manifest.songs.count == (isTrimmed ? 1 : 3))
    #expect(FMASubset.brokenClips.count == 21)
  }

  @Test func smallClassesAreCounted() throws {
    let fma = try FMAFolder(
      [.init(id: 1), .init(id: 2), .init(id: 3, genre: "Pop"), .init(id: 4, genre: "")], onDisk: [1, 2, 3, 4])
    let result = try make(fma, minimum: 2)
    #expect(result.manifest.classNames == ["Rock"] && result.withoutClass == 1)
    #expect((result.smallClasses, result.inSmallClasses) == (1, 1))
  }

  @Test func theOfficialSplit() throws {
    var tracks = (1...6).map { FMAFolder.Track(id: $0) }
    (tracks[1].split, tracks[4].split) = ("validation", "test")
    let parts = try make(FMAFolder(tracks, onDisk: Set(1...6))).officialParts()
    #expect(parts.named.map { $0.part.songs.map { $0.extra[0] } } == [["1", "3", "4", "6"], ["2"], ["5"]])
    tracks[4].split = "training"
    let whole = try make(FMAFolder(tracks, onDisk: Set(1...6)))
    let error = try #require(throws: DatasetError.self) { try whole.officialParts() }
    #expect(error.reason.contains("test"))
  }

  @Test func damagedMetadataNameTheLine() throws {
    let whole = FMAFolder.table([.init(id: 2), .init(id: 3)])
    let header = whole.split(separator: "\n").prefix(3).joined(separator: "\n") + "\n"
    let damages: [(String, String)] = [
      (String(whole.dropLast(20)), "line 6"), (header + "2,x\n", "line 4 has 2 of 9 cells"),
      (header + "2,b,,a,training,small,Rock,12,t\n", "line 4 has \"12\" for track/genres"),
      (header + "two,b,,a,training,small,Rock,[12],t\n", "line 4 has \"two\" for track_id"),
      (FMAFolder.table([.init(id: 2), .init(id: 2)]), "line 6 lists track 2 again"),
      ("", "header"), (header.replacing("genre_top", with: "genre"), "no column track/genre_top"),
      ("a,b\nc\n\n", "header"),
    ]
    for (text, words) in damages {
      let fma = try FMAFolder([], onDisk: [2, 3])
      try fma.folder.write(text, to: "fma_metadata/tracks.csv")
      let error = try #require(throws: DatasetError.self) { try make(fma) }
      #expect(error.description.contains(words) && error.path.hasSuffix("tracks.csv"), "\(error)")
      #expect(!error.remedy.isEmpty)
    }
  }

  @Test(.enabled(if: FMADatasetTests.realMetadata != nil, "there is no ../shared/data/fma here"))
  func theRealRows() throws {
    let folder = try TemporaryFolder()
    let real = try #require(Self.realMetadata)
    let text = try String(contentsOf: real.appending(path: "tracks_partial.csv"), encoding: .utf8)
    for name in ["genres.csv", "tracks.csv"] {
      let source = real.appending(path: name == "tracks.csv" ? "tracks_partial.csv" : name)
      try FileManager.default.createDirectory(atPath: folder("fma_metadata"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: source, to: URL(filePath: folder("fma_metadata/\(name)")))
    }
    try folder.write("sound", to: "fma_large/000/000002.mp3")
    let dataset = FMADataset(
      layout: try FMALayout(root: folder.path, subset: .large), grouping: .genre, minimum: 1)
    // Its last row is cut.
    let error = try #require(throws: DatasetError.self) { try dataset.make(manifestFolder: nil) }
    #expect(error.reason.hasPrefix("line ") && error.reason.contains("cut off"))
    let line = try #require(error.reason.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    let rest = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(line - 1).joined(separator: "\n")
    try folder.write(rest + "\n", to: "fma_metadata/tracks.csv")
    let result = try dataset.make(manifestFolder: nil)
    #expect(result.listed == 682 && result.missing.count == 681)
    #expect(result.manifest.songs.first?.genre == "Hip-Hop" && result.manifest.songs.first?.artist == "AWOL")
  }

  static let realMetadata: URL? = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../../shared/data/fma", directoryHint: .isDirectory
    ).standardizedFileURL
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()
}

@Suite struct FMALayoutTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "fma_metadata/tracks.csv")
    for name in ["fma_small", "fma_large", "alone/fma_medium", "bare/000"] { try folder.write("", to: "\(name)/x") }
    try folder.write("", to: "elsewhere/tracks.csv")
  }

  @Test(
    arguments: [
      ("", .small, "fma_small", .small), ("", .medium, "fma_large", .medium), ("", .large, "fma_large", .large),
      ("fma_large", nil, "fma_large", .large), ("fma_large", .small, "fma_large", .small),
      ("alone/../fma_small", nil, "fma_small", .small), ("bare", .medium, "bare", .medium),
    ] as [(String, FMASubset?, String, FMASubset)])
  func finds(root: String, subset: FMASubset?, audio: String, found: FMASubset) throws {
    let layout = try FMALayout(root: folder(root), metadata: folder("fma_metadata"), subset: subset)
    #expect(layout.audio.path == folder(audio) && layout.subset == found)
    #expect(layout.path(ofTrack: 2).hasSuffix("/\(audio)/000/000002.mp3"))
  }

  @Test func metadataMayLieElsewhere() throws {
    #expect(try FMALayout(root: folder("fma_small")).metadata.path == folder("fma_metadata"))
    #expect(try FMALayout(root: folder("alone"), metadata: folder("elsewhere")).metadata.path == folder("elsewhere"))
    #expect(try FMALayout(root: folder("alone"), metadata: folder("elsewhere")).subset == .medium)
  }

  @Test(
    arguments: [
      ("nowhere", nil, nil, "no such folder"), ("", nil, nil, "fma_small, fma_large"), ("", nil, .full, "full"),
      ("fma_small", nil, .medium, "does not hold"), ("alone", "bare", nil, "no tracks.csv"),
      ("bare", "elsewhere", nil, "fma_small, fma_medium"),
    ] as [(String, String?, FMASubset?, String)])
  func saysWhatIsMissing(root: String, metadata: String?, subset: FMASubset?, words: String) throws {
    let error = try #require(throws: DatasetError.self) {
      try FMALayout(root: folder(root), metadata: metadata.map { folder($0) }, subset: subset)
    }
    #expect(error.description.contains(words), "\(error)")
  }
}
