import Datasets
import Foundation
import Reproducibility
import Testing

@Suite struct SongGroupingTests {
  /// Songs from "artist/album/genre/sub-genre".
  private func manifest(_ lines: [String]) -> Manifest {
    let songs = lines.enumerated().map { index, line in
      let labels = line.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      var song = Manifest.Song(path: "\(index).mp3")
      (song.artist, song.album, song.genre, song.subgenre) = (labels[0], labels[1], labels[2], labels[3])
      song.className = "before"
      return song
    }
    return Manifest(songs: songs, folder: URL(filePath: "/music"))
  }

  private func groups(_ lines: [String], smallest: Int = 2, largest: Int = 100, count: Int? = nil) -> [String] {
    SongGrouping(smallest: smallest, largest: largest, classCount: count).group(manifest(lines)).manifest.songs.map(
      \.className)
  }

  @Test func twoLabelsMakeAClassAndOneDoesNot() {
    #expect(groups(["a/x/Rock/", "a/y/Rock/", "b/z/Rock/", "a/w/Jazz/"]) == ["a – Rock", "a – Rock", "", ""])
    #expect(groups(["a/x/Rock/", "b/y/Rock/", "c/z/Rock/"]) == ["", "", ""])
    #expect(groups(["a/x//", "a/x//", "b/x//"]) == ["a – x", "a – x", ""])
    #expect(groups(["a/x/Rock/Punk", "b/y/Rock/Punk"]) == ["Rock – Punk", "Rock – Punk"])
    #expect(groups(["a///", "a///", "///"]) == ["", "", ""])
  }

  @Test func aChainIsNotFollowed() {
    // 0 and 1 share artist and genre, 1 and 2 genre and sub-genre, 2 and 3 artist and genre: one class by a chain.
    let classes = groups(["a/x/Rock/Ska", "a/y/Rock/Punk", "b/z/Rock/Punk", "b/w/Rock/Metal"])
    #expect(Set(classes).count > 1)
    #expect(!(classes[0] == classes[3] && !classes[0].isEmpty))
  }

  @Test func labelsAreComparedWithoutCaseAndSpaces() {
    #expect(groups(["The  Band/x/Rock/", "the band /y/rock/"]) == ["The  Band – Rock", "The  Band – Rock"])
    #expect(groups(["E\u{301}lan/x/Rock/", "\u{C9}lan/y/Rock/"]).allSatisfy { !$0.isEmpty })
  }

  @Test func aSubgenreThatRepeatsTheGenreIsNoSecondLabel() {
    #expect(groups(["a/x/Rock/rock", "b/y/Rock/Rock"]) == ["", ""])
  }

  @Test func aGroupTooLargeIsLeftToNarrowerOnesAndCutWhereThereAreNone() {
    let lines = (0..<6).map { "a/\($0 / 3)/Rock/" } + ["a/9/Rock/"]
    #expect(groups(lines, largest: 3) == ["a – 0", "a – 0", "a – 0", "a – 1", "a – 1", "a – 1", ""])
    let one = SongGrouping(smallest: 2, largest: 4).group(manifest((0..<8).map { _ in "a/x/Rock/" }))
    #expect(one.manifest.songs.map { $0.className.isEmpty } == [false, true, false, true, false, true, false, true])
    #expect(one.leftOut == [.largeGroup: [1, 3, 5, 7]])
  }

  @Test func theLargestClassesAreKept() {
    let lines = ["a/x//", "a/x//", "b/y//", "b/y//", "b/y//", "c/z//", "c/z//", "c/z//", "c/z//"]
    #expect(Set(groups(lines, count: 2)) == ["", "b – y", "c – z"])
    let result = SongGrouping(smallest: 2, classCount: 2).group(manifest(lines + ["d///", "e/v//"]))
    #expect(result.leftOut == [.manyClasses: [0, 1], .fewLabels: [9], .smallGroup: [10]])
    #expect(result.classified.songs.count == 7)
  }

  @Test func equalNamesAreKeptApart() {
    // An artist and an album that are called the same.
    let classes = groups(["a/q/b/", "a/r/b/", "c/a/b/", "d/a/b/"])
    #expect(classes == ["a – b", "a – b", "a – b (2)", "a – b (2)"])
  }

  @Test func ambiguousSongsAreTold() {
    let result = SongGrouping(smallest: 2).group(
      manifest(["a/x/Rock/Ska", "a/y/Rock/Ska", "a/z/Rock/Ska", "b/v/Rock/Ska", "b/w/Jazz/", "b/u/Jazz/"]))
    #expect(Set(result.manifest.songs.map(\.className)).count == 2 && result.ambiguous.isEmpty)
    let other = SongGrouping(smallest: 2).group(
      manifest(["a/x/Rock/Ska", "a/y/Rock/Ska", "b/v/Rock/Ska", "b/w/Rock/", "b/u/Rock/"]))
    #expect(other.ambiguous == [2, 3, 4] || other.ambiguous == [0, 1, 2], "\(other.ambiguous)")
  }

  /// What holds for every class, whatever the songs.
  @Test(arguments: 1...12)
  func everyPairOfAClassIsLinkedByTheRule(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func label(_ count: Int) -> String {
      let number = Int.random(in: 0...count, using: &generator)
      return number == 0 ? "" : "\(number)"
    }
    let lines = (0..<400).map { _ in
      let genre = label(4)
      return "A\(label(30))/B\(label(60))/G\(genre)/S\(genre)\(label(3))"
    }
    let whole = manifest(lines.map { $0.replacing("/A/", with: "//") })
    let (smallest, largest) = (3, 20)
    let result = SongGrouping(smallest: smallest, largest: largest).group(whole)
    #expect(SongGrouping(smallest: smallest, largest: largest).group(whole).manifest == result.manifest)
    func shared(_ one: Manifest.Song, _ other: Manifest.Song) -> Int {
      [\Manifest.Song.artist, \.album, \.genre, \.subgenre].count {
        !one[keyPath: $0].isEmpty && one[keyPath: $0] == other[keyPath: $0]
      }
    }
    for songs in Dictionary(grouping: result.classified.songs, by: \.className).values {
      #expect((smallest...largest).contains(songs.count))
      for (index, one) in songs.enumerated() {
        #expect(songs[index...].allSatisfy { shared(one, $0) >= 2 })
      }
    }
    let leftOut = result.leftOut.values.flatMap(\.self).sorted()
    #expect(leftOut == whole.songs.indices.filter { result.manifest.songs[$0].className.isEmpty })
    // Nothing that could still be a class is left out.
    let rest = (result.leftOut[.smallGroup] ?? []).map { whole.songs[$0] }
    for song in rest {
      for pair in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        let paths = [\Manifest.Song.artist, \.album, \.genre, \.subgenre]
        let like = rest.count { other in
          [paths[pair.0], paths[pair.1]].allSatisfy {
            !song[keyPath: $0].isEmpty && song[keyPath: $0] == other[keyPath: $0]
          }
        }
        #expect(like < smallest)
      }
    }
  }

  // Seconds; comparing each with each would take an hour.
  @Test(.timeLimit(.minutes(5))) func aHundredThousandSongsAreGrouped() {
    var generator = SeededGenerator(seed: 1)
    let lines = (0..<100_000).map { _ in
      let artist = Int.random(in: 0..<16_000, using: &generator)
      let genre = artist % 16
      return "A\(artist)/B\(artist).\(Int.random(in: 0..<3, using: &generator))/G\(genre)/"
        + "S\(genre).\(Int.random(in: 0..<10, using: &generator))"
    }
    let whole = manifest(lines)
    let result = SongGrouping().group(whole)
    #expect(!result.classified.songs.isEmpty)
  }
}
