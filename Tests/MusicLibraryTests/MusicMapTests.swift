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
}
