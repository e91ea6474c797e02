import Datasets
import Foundation
import MetricLearning
import Reproducibility
import TestSupport
import Testing

@Suite struct DatasetSplittingTests {
  /// Classes of albums of random sizes; an album now and then has songs of two classes, or no name.
  private func manifest(classes: Int, albums: Int, seed: UInt64) -> Manifest {
    var generator = SeededGenerator(seed: seed)
    var songs: [Manifest.Song] = []
    for label in 0..<classes {
      for album in 0..<albums {
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
          var song = Manifest.Song(path: "\(songs.count).mp3")
          let isGuest = Int.random(in: 0..<20, using: &generator) == 0
          song.className = "class \(isGuest ? (label + 1) % classes : label)"
          song.album = album == 0 ? "" : "Album \(label)-\(album)"
          if Bool.random(using: &generator) { song.album = song.album.uppercased() + " " }
          song.artist = "Artist \(label)-\(album / 2)"
          songs.append(song)
        }
      }
    }
    return Manifest(songs: songs.shuffled(using: &generator), folder: URL(filePath: "/music"))
  }

  private func key(_ song: Manifest.Song, _ groupingKey: GroupingKey) -> String {
    (groupingKey == .album ? song.album : song.artist).lowercased().trimmingCharacters(in: .whitespaces)
  }

  @Test(arguments: 1...6, [GroupingKey?.none, .album, .artist])
  func everySongIsInOnePartAndNothingLeaks(seed: UInt64, groupingKey: GroupingKey?) throws {
    let whole = manifest(classes: 8, albums: 10, seed: seed)
    let splitting = DatasetSplitting(groupingKey: groupingKey, randomSeed: seed)
    let parts = splitting.parts(of: whole, shares: try StratifiedSplit())
    let again = splitting.parts(of: whole, shares: try StratifiedSplit())
    #expect(again == parts)
    let all = parts.named.flatMap(\.part.songs)
    #expect(all.map(\.path).sorted() == whole.songs.map(\.path).sorted())
    for (part, share) in zip(parts.named.map(\.part), [0.8, 0.1, 0.1]) {
      #expect(abs(Double(part.songs.count) / Double(all.count) - share) < (groupingKey == .artist ? 0.05 : 0.02))
      for name in whole.classNames {
        let size = Double(whole.songs.count { $0.className == name })
        let found = Double(part.songs.count { $0.className == name })
        #expect(found > 0 && abs(found / size - share) < (groupingKey == nil ? 2 / size : 0.15), "\(name)")
      }
    }
    guard let groupingKey else { return }
    var places: [String: String] = [:]
    for (name, part) in parts.named {
      for song in part.songs where !key(song, groupingKey).isEmpty {
        #expect(places.updateValue(name, forKey: key(song, groupingKey)) ?? name == name)
      }
    }
  }

  @Test(arguments: [3, 5, 8], [GroupingKey?.none, .album])
  func foldsAreEven(count: Int, groupingKey: GroupingKey?) throws {
    let whole = manifest(classes: 6, albums: 16, seed: 3)
    let folds = DatasetSplitting(groupingKey: groupingKey, randomSeed: 1).folds(
      of: whole, folds: try StratifiedFolds(count: count))
    #expect(folds.flatMap { $0.songs.map(\.path) }.sorted() == whole.songs.map(\.path).sorted())
    let sizes = folds.map(\.songs.count)
    #expect(sizes.max()! - sizes.min()! <= (groupingKey == nil ? 1 : 4), "\(sizes)")
    for fold in folds.indices {
      let run = DatasetParts(folds: folds, test: fold)
      #expect(run.test == folds[fold] && run.validation == folds[(fold + 1) % count])
      #expect(run.named.map(\.part.songs.count).reduce(0, +) == whole.songs.count)
      #expect(Set(run.named.flatMap { $0.part.songs.map(\.path) }).count == whole.songs.count)
    }
    if groupingKey != nil {
      let places = folds.map { Set($0.songs.map { key($0, .album) }.filter { !$0.isEmpty }) }
      #expect(places.map(\.count).reduce(0, +) == places.reduce(into: Set()) { $0.formUnion($1) }.count)
    }
  }

  /// Small enough to try every division: none is nearer to the shares.
  @Test(arguments: 1...8)
  func noDivisionIsMuchNearer(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let sizes = (0..<9).map { _ in Int.random(in: 1...9, using: &generator) }
    let songs = sizes.enumerated().flatMap { album, size in
      (0..<size).map { index in
        var song = Manifest.Song(path: "\(album)-\(index)")
        (song.album, song.className) = ("\(album)", "c")
        return song
      }
    }
    let whole = Manifest(songs: songs, folder: URL(filePath: "/music"))
    let shares = [0.6, 0.2, 0.2]
    let split = try StratifiedSplit(training: shares[0], validation: shares[1], test: shares[2])
    let parts = DatasetSplitting(groupingKey: .album, randomSeed: 1).parts(of: whole, shares: split)
    func distance(_ counts: [Int]) -> Double {
      zip(counts, shares).reduce(0) { sum, item in
        let distance = Double(item.0) / Double(songs.count) - item.1
        return sum + distance * distance
      }
    }
    var best = Double.infinity
    for code in 0..<19_683 {
      var (counts, rest) = ([0, 0, 0], code)
      for size in sizes {
        counts[rest % 3] += size
        rest /= 3
      }
      if !counts.contains(0) { best = min(best, distance(counts)) }
    }
    #expect(distance(parts.named.map(\.part.songs.count)) <= best + 0.002)
  }

  @Test func anArtistThatIsAClassIsSharedOutAsAWhole() throws {
    let songs = (0..<100).map { index in
      var song = Manifest.Song(path: "\(index)")
      (song.artist, song.className) = ("\(index / 5)", "\(index / 5)")
      return song
    }
    let parts = DatasetSplitting(groupingKey: .artist, randomSeed: 1).parts(
      of: Manifest(songs: songs, folder: URL(filePath: "/")), shares: try StratifiedSplit())
    #expect(parts.named.map(\.part.songs.count) == [80, 10, 10])
  }

  @Test func albumsOfOneTitleAreOneByArtistOrFolder() throws {
    func song(_ path: String, _ artist: String) -> Manifest.Song {
      var song = Manifest.Song(path: path)
      (song.artist, song.album, song.className) = (artist, "Greatest Hits", "x")
      return song
    }
    let bands = (0..<20).map { song("\($0)/song.mp3", "band \($0)") }
    let discs = (0..<20).map { song("disc \($0)/song.mp3", "one band") }
    let compilation = (0..<20).map { song("hits/\($0).mp3", "band \($0 + 100)") }
    func testSongs(_ songs: [Manifest.Song]) throws -> Int {
      let whole = Manifest(songs: songs, folder: URL(filePath: "/music"))
      let shares = try StratifiedSplit(training: 0.5, validation: 0, test: 0.5)
      return DatasetSplitting(groupingKey: .album, randomSeed: 1).parts(of: whole, shares: shares).test.songs.count
    }
    #expect(try testSongs(bands) == 10)
    #expect(try [0, 20].contains(testSongs(discs)))
    #expect(try [0, 20].contains(testSongs(compilation)))
  }

  @Test func trainingSplitsInTheSameWay() throws {
    let whole = manifest(classes: 4, albums: 6, seed: 2)
    let parts = DatasetSplitting(randomSeed: 7).parts(of: whole, shares: try StratifiedSplit())
    #expect(try DatasetParts(splitting: whole, randomSeed: 7) == parts)
  }

  @Test func partsAreWrittenWithPathsThatStillLeadToTheSongs() throws {
    let folder = try TemporaryFolder()
    var inside = Manifest.Song(path: "parts/ä, b.mp3")
    inside.className = "c"
    let outside = Manifest.Song(path: "../c.mp3")
    let manifest = Manifest(songs: [inside, outside], folder: folder.url)
    let moved = manifest.moved(to: folder.url.appending(path: "parts", directoryHint: .isDirectory))
    #expect(moved.songs.map(\.path) == ["ä, b.mp3", manifest.filePath(of: outside)])
    #expect(moved.songs.map(moved.filePath) == manifest.songs.map(manifest.filePath))
    #expect(manifest.moved(to: folder.url) == manifest)
  }

  // Seconds; with steps that grow with the square of the albums it would be hours.
  @Test(.timeLimit(.minutes(5))) func aHundredThousandSongsOfManyAlbumsAreSplit() throws {
    let songs = (0..<100_000).map { index in
      var song = Manifest.Song(path: "\(index).mp3")
      (song.album, song.artist, song.className) = ("\(index / 7)", "Band", "\(index / 7 % 40)")
      return song
    }
    let whole = Manifest(songs: songs, folder: URL(filePath: "/music"))
    let parts = DatasetSplitting(groupingKey: .album, randomSeed: 1).parts(of: whole, shares: try StratifiedSplit())
    #expect(abs(parts.test.songs.count - 10_000) < 100)
  }
}
