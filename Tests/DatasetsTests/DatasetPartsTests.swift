import Datasets
import Foundation
import Testing

@Suite struct DatasetPartsTests {
  private func manifest(_ classes: [String: Int]) -> Manifest {
    let songs = classes.sorted { $0.key < $1.key }.flatMap { name, count in
      (0..<count).map { index in
        var song = Manifest.Song(path: "\(name)-\(index).mp3")
        song.className = name
        return song
      }
    }
    return Manifest(songs: songs, folder: URL(filePath: "/music"))
  }

  @Test func splitsEachClassAndLeavesOutSongsWithoutOne() throws {
    let whole = manifest(["": 4, "a": 30, "b": 10, "c": 2])
    let parts = try DatasetParts(splitting: whole, randomSeed: 1)
    let all = [parts.training, parts.validation, parts.test]
    let paths = all.flatMap { $0.songs.map(\.path) }
    #expect(Set(paths).count == 42 && paths.count == 42)
    func count(_ name: String) -> [Int] { all.map { part in part.songs.count { $0.className == name } } }
    #expect(count("a") == [24, 3, 3])
    #expect(count("b") == [8, 1, 1])
    #expect(count("") == [0, 0, 0])
    #expect(try DatasetParts(splitting: whole, randomSeed: 1) == parts)
    #expect(try DatasetParts(splitting: whole, randomSeed: 2) != parts)
  }

  @Test func aSongInTwoPartsIsRefused() throws {
    let (one, two) = (manifest(["a": 3]), manifest(["b": 3]))
    var other = manifest(["c": 1])
    other.songs.append(.init(path: "/music/a-1.mp3"))
    _ = try DatasetParts(training: one, validation: two, test: manifest(["c": 1]))
    let error = try #require(throws: DatasetError.self) {
      try DatasetParts(training: one, validation: two, test: other)
    }
    #expect(error.path == "/music/a-1.mp3")
    #expect(error.reason.contains("training") && error.reason.contains("test"))
  }
}
