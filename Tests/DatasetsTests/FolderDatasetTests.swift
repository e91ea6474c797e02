import AudioDecoding
import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct FolderDatasetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    func write(_ path: String, _ tags: AudioTags) throws {
      try TestSong(kind: 0, variant: 0, seconds: 0.1).write(to: folder("music/\(path)"), tags: tags)
    }
    try write("A/CD 1/1.flac", AudioTags(title: "T", artists: ["X"], album: "One", genres: ["Rock"]))
    try write("A/CD 1/2.flac", AudioTags(artists: ["X"], album: "One", genres: ["Rock"]))
    try write("B/CD 1/1.flac", AudioTags(artists: ["Y"], album: "One", albumArtists: ["Z"], genres: ["Rock"]))
    try write("B/CD 1/2.flac", AudioTags(album: "One", albumArtists: ["Z"], genres: ["Jazz"]))
    try write("3.flac", AudioTags(artists: ["X"]))
    try write("4.flac", AudioTags())
    try folder.write("no music", to: "music/broken.mp3")
    try folder.write("no music", to: "music/cover.jpg")
  }

  @Test(arguments: [
    (FolderDataset.Grouping.artist, ["X", "Y", "Z"], 1), (.album, ["X – One", "Z – One"], 2),
    (.genre, ["Jazz", "Rock"], 2),
    (.folder, ["A/CD 1", "B/CD 1", "music"], 0),
  ])
  func groups(grouping: FolderDataset.Grouping, classes: [String], withoutClass: Int) throws {
    let result = try FolderDataset(grouping: grouping, minimum: 1, threads: 2).make(
      from: folder("music"), manifestFolder: folder.url)
    #expect(result.manifest.classNames == classes)
    #expect(result.withoutClass == withoutClass)
    #expect(result.manifest.songs.count == 6 - withoutClass)
    #expect(result.skipped.map(\.path) == [folder("music/broken.mp3")])
    #expect(result.manifest.songs.allSatisfy { $0.path.hasPrefix("music/") })
  }

  @Test func aFileWithSeveralNamesIsOneSongAndOnlyOneDotHides() throws {
    try FileManager.default.linkItem(atPath: folder("music/3.flac"), toPath: folder("music/5.flac"))
    try TestSong(kind: 0, variant: 0, seconds: 0.1).write(
      to: folder("music/...Dots/...6.flac"), tags: AudioTags(artists: ["W"]))
    try TestSong(kind: 0, variant: 0, seconds: 0.1).write(
      to: folder("music/.hidden/7.flac"), tags: AudioTags(artists: ["V"]))
    let result = try FolderDataset(grouping: .artist, minimum: 1, threads: 2).make(
      from: folder("music"), manifestFolder: folder.url)
    #expect(result.manifest.classNames == ["W", "X", "Y", "Z"] && result.manifest.songs.count == 6)
    #expect(result.leftOut == ["jpg": 1] && result.videos == 0)
    let hidden = try FolderDataset(grouping: .artist, minimum: 1, threads: 1).make(
      from: folder("music/.hidden"), manifestFolder: nil)
    #expect(hidden.manifest.classNames == ["V"])
  }

  @Test func videosAreLeftOutUnlessTheyAreAskedFor() throws {
    let film = TestVideo(song: TestSong(kind: 0, variant: 0))
    try film.write(to: folder("films/a/film.avi"))
    try film.write(to: folder("films/b/film.mkv"))
    try TestSong(kind: 0, variant: 0, seconds: 0.1).write(to: folder("films/c/song.wav"))
    func dataset(videos: Bool) throws -> FolderDataset.Result {
      try FolderDataset(grouping: .folder, minimum: 1, threads: 1, videos: videos).make(
        from: folder("films"), manifestFolder: nil)
    }
    let music = try dataset(videos: false)
    #expect(music.manifest.classNames == ["c"] && music.videos == 2 && music.skipped.isEmpty)
    let all = try dataset(videos: true)
    #expect(all.manifest.classNames == ["a", "b", "c"] && all.videos == 0)
  }

  @Test func smallClassesAreLeftOutAndCounted() throws {
    let result = try FolderDataset(grouping: .artist, minimum: 2, threads: 1).make(
      from: folder("music"), manifestFolder: nil)
    #expect(result.manifest.classNames == ["X"])
    #expect((result.smallClasses, result.inSmallClasses, result.withoutClass) == (2, 2, 1))
    let first = try #require(result.manifest.songs.first { $0.extra == ["T"] })
    #expect(first.path == folder("music/A/CD 1/1.flac"))
    #expect((first.artist, first.album, first.genre) == ("X", "One", "Rock"))
    #expect(result.manifest.extraColumns == ["title"])
  }

  @Test func foldersWithoutMusicAreErrors() throws {
    try folder.write("x", to: "empty/cover.jpg")
    let dataset = FolderDataset(grouping: .artist, minimum: 1, threads: 1)
    for name in ["empty", "missing"] {
      let error = try #require(throws: DatasetError.self) {
        try dataset.make(from: folder(name), manifestFolder: nil)
      }
      #expect(error.path == folder(name) && !error.remedy.isEmpty)
    }
  }
}
