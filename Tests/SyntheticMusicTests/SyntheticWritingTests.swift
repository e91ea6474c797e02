import AudioDecoding
import Foundation
import Synchronization
import SyntheticMusic
import Testing

struct SyntheticWritingTests {
  private static let collection = SyntheticCollection(bandCount: 3, songsPerBand: 3, secondsPerSong: 2)

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("akin-\(UUID().uuidString)")
    defer {
      do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }
    try body(folder)
  }

  private func contents(of folder: URL, _ collection: SyntheticCollection) throws -> [Data] {
    try collection.songs.map { try Data(contentsOf: folder.appendingPathComponent($0.relativePath)) }
  }

  /// Paths of all songs below a folder.
  private func songFiles(in folder: URL) throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.split(separator: "/").count == 3 })
  }

  @Test func filesCarryTheTagsOfTheirSongs() throws {
    try withFolder { folder in
      let written = try Self.collection.write(to: folder)
      #expect(written == 9)
      #expect(Set(Self.collection.songs.map(\.format)) == [.flac, .mp3, .ogg])
      for song in Self.collection.songs {
        let info = try AudioDecoder.info(ofFile: folder.appendingPathComponent(song.relativePath).path)
        #expect(info.tags.artist == song.artist)
        #expect(info.tags.album == song.album)
        #expect(info.tags.title == song.title)
        #expect(info.tags.genre == song.genre)
        #expect(info.tags.track == song.trackNumber)
        #expect(abs(try #require(info.duration) - 2) < 0.1)
        #expect(info.channelCount == 2)
      }
      #expect(try songFiles(in: folder) == Set(Self.collection.songs.map(\.relativePath)))
    }
  }

  @Test(arguments: [1, 4])
  func theSameSeedGivesTheSameBytes(jobs: Int) throws {
    try withFolder { first in
      try withFolder { second in
        try Self.collection.write(to: first)
        try Self.collection.write(to: second, jobs: jobs)
        #expect(try contents(of: first, Self.collection) == contents(of: second, Self.collection))
      }
    }
  }

  @Test func progressCountsEverySongOnce() throws {
    try withFolder { folder in
      let calls = Mutex<[[Int]]>([])
      try Self.collection.write(to: folder) { done, total in calls.withLock { $0.append([done, total]) } }
      #expect(calls.withLock { $0 } == (1...9).map { [$0, 9] })
    }
  }

  @Test func onlyWhatIsMissingOrDamagedIsWrittenAgain() throws {
    try withFolder { folder in
      let collection = Self.collection
      try collection.write(to: folder)
      let before = try contents(of: folder, collection)
      #expect(try collection.write(to: folder) == 0)

      try FileManager.default.removeItem(at: folder.appendingPathComponent(collection.songs[1].relativePath))
      try before[4].prefix(1_000).write(to: folder.appendingPathComponent(collection.songs[4].relativePath))
      #expect(try collection.write(to: folder) == 2)
      #expect(try contents(of: folder, collection) == before)

      try Data("{".utf8).write(to: folder.appendingPathComponent("synthetic-collection.json"))
      #expect(try collection.write(to: folder) == 9)
      #expect(try contents(of: folder, collection) == before)
    }
  }

  @Test func anotherCollectionReplacesTheFirstAndSparesWhatIsNotItsOwn() throws {
    try withFolder { folder in
      try Self.collection.write(to: folder)
      let edited = folder.appendingPathComponent(Self.collection.songs[0].relativePath)
      try Data("edited by hand".utf8).write(to: edited)
      let other = SyntheticCollection(seed: 7, bandCount: 2, songsPerBand: 2, secondsPerSong: 1)
      try other.write(to: folder)
      let expected = Set(other.songs.map(\.relativePath)).union([Self.collection.songs[0].relativePath])
      #expect(try songFiles(in: folder) == expected)
    }
  }

  @Test func aFolderThatCannotBeWrittenIsAnErrorThatNamesThePath() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = folder.appendingPathComponent("file")
      try Data().write(to: file)
      #expect(throws: CocoaError.self) { try Self.collection.write(to: file) }
    }
  }
}
