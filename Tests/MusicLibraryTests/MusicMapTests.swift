import Catalogue
import Figures
import Foundation
import MusicLibrary
import SongModels
import TestSupport
import Testing

@Suite struct MusicMapTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
  }

  @Test func songsOfOneKindLieTogether() throws {
    try TestSong.writeCollection(kinds: 3, variants: 6, in: folder("music"))
    _ = try Indexer(catalogue: catalogue, model: .mfcc, threads: 2).index([folder("music")])
    let map = try MusicMap(catalogue: catalogue, model: .mfccStandardised, threads: 2)
    #expect(map.tracks.count == 18 && map.coordinates.count == 18)
    var right = 0
    for (track, position) in zip(map.tracks, map.coordinates) {
      let others = zip(map.tracks, map.coordinates).filter { $0.0.id != track.id }
      let nearest = others.min { one, other in
        let (near, far) = (one.1 - position, other.1 - position)
        return (near * near).sum() < (far * far).sum()
      }
      right += nearest?.0.tags.artist == track.tags.artist ? 1 : 0
    }
    #expect(right >= 16)
    let again = try MusicMap(catalogue: catalogue, model: .mfccStandardised, threads: 1)
    #expect(again.coordinates == map.coordinates)
    let plot = map.plot(colouredBy: .artist)
    #expect(plot.legend.map(\.name) == ["Artist 0", "Artist 1", "Artist 2"])
    #expect(plot.points.allSatisfy { $0.label.contains(" – Song ") })
  }

  @Test func noSongsAndOneSongHaveNoMap() throws {
    #expect(throws: LibraryError.self) { try MusicMap(catalogue: catalogue, model: .mfcc, threads: 1) }
    try TestSong(kind: 0, variant: 0).write(to: folder("music/one.wav"))
    _ = try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([folder("music")])
    #expect(throws: MapError.oneSong(library: catalogue.path)) {
      try MusicMap(catalogue: catalogue, model: .mfcc, threads: 1)
    }
    try TestSong(kind: 1, variant: 0).write(to: folder("music/two.wav"))
    _ = try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([folder("music")])
    #expect(try MusicMap(catalogue: catalogue, model: .mfccStandardised, threads: 1).coordinates.count == 2)
    #expect(throws: MapError.interrupted) {
      try MusicMap(catalogue: catalogue, model: .mfcc, threads: 1) { _ in false }
    }
  }

  @Test func aMapIsKeptAndNewSongsArePlacedInIt() throws {
    try TestSong.writeCollection(kinds: 3, variants: 4, in: folder("music"))
    func index() throws {
      _ = try Indexer(catalogue: catalogue, model: .descriptor, threads: 2).index([folder("music")])
    }
    func kept(_ arranges: Bool) throws -> MusicMap {
      var wasArranged = false
      let map = try MusicMap(keptFor: catalogue, model: .descriptor, threads: 1) { _ in
        wasArranged = true
        return true
      }
      #expect(wasArranged == arranges)
      return map
    }
    try index()
    let first = try kept(true)
    #expect(try kept(false).coordinates == first.coordinates)
    // One more of the first kind.
    try TestSong(kind: 0, variant: 9).write(to: folder("music/artist 0/song 9.flac"))
    try index()
    let placed = try kept(false)
    #expect(Array(placed.coordinates.prefix(12)) == first.coordinates && placed.coordinates.count == 13)
    let (low, high) = first.coordinates.reduce((first.coordinates[0], first.coordinates[0])) {
      (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1))
    }
    let new = placed.coordinates[12]
    #expect(new.x >= low.x && new.x <= high.x && new.y >= low.y && new.y <= high.y)
    #expect(try kept(false).coordinates == placed.coordinates)
    // Many more, or a file that is damaged: all are arranged anew.
    try TestSong.writeCollection(kinds: 3, variants: 8, in: folder("music"))
    try index()
    #expect(try kept(true).tracks.count == 25)
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".map") })
    try Data("{}".utf8).write(to: folder.url.appending(path: file))
    #expect(try kept(true).tracks.count == 25)
  }
}
