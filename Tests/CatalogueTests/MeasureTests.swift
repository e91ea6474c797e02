import Catalogue
import Foundation
import Testing

/// What was measured of tracks, and filters by it.
@Suite struct MeasureTests {
  private func track(_ number: Int, tempo: Double?, loudness: Double?) -> IndexedTrack {
    var track = sampleTrack(number)
    track.measures = TrackMeasures(version: 1, tempo: tempo, loudness: loudness, brightness: 1500)
    return track
  }

  @Test func measuresLastUntilTheFileChanges() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/library.sqlite"
      var song = track(1, tempo: 120.5, loudness: -9.25)
      do {
        let catalogue = try Catalogue(path: path)
        try catalogue.store(model: sampleModel())
        try catalogue.store([song, sampleTrack(2)])
      }
      let catalogue = try Catalogue(path: path)
      let ids = try catalogue.tracks(where: .folder("/music")).sorted { $0.rawValue < $1.rawValue }
      #expect(try catalogue.measures(of: ids[0]) == song.measures)
      #expect(try catalogue.measures(of: ids[1]) == nil)
      // What does not measure leaves what is known.
      let known = song.measures
      song.measures = nil
      try catalogue.store([song])
      #expect(try catalogue.measures(of: ids[0]) == known)
      song.fileSize += 1
      try catalogue.store([song])
      #expect(try catalogue.measures(of: ids[0]) == nil)
      song.measures = known
      try catalogue.store([song])
      try catalogue.forget([ids[0]])
      #expect(try catalogue.tracks(where: .tempo(0...TrackFilter.endless)).isEmpty)
    }
  }

  @Test func whatWasNotMeasuredMeetsNoClause() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/library.sqlite")
      try catalogue.store(model: sampleModel())
      let ids = try catalogue.store([
        track(1, tempo: 90, loudness: -14), track(2, tempo: 120, loudness: -9),
        track(3, tempo: nil, loudness: nil), sampleTrack(4),
      ])
      #expect(try catalogue.tracks(where: .tempo(90...100)) == [ids[0]])
      #expect(try Set(catalogue.tracks(where: .tempo(0...TrackFilter.endless))) == Set(ids[..<2]))
      #expect(try catalogue.tracks(where: .loudness(-10 ... -5)) == [ids[1]])
      #expect(TrackFilter.Clause.tempo(90...100).description == "tempo 90 to 100")
      #expect(TrackFilter.Clause.tempo(99.5...100.5.nextDown).description == "tempo 100")
      #expect(TrackFilter.Clause.seconds(29.5...30.5.nextDown).description == "length 0:30")
      #expect(TrackFilter.Clause.seconds(300...TrackFilter.endless).description == "length from 5:00")
      #expect(TrackFilter.Clause.seconds(90.5...3723).description == "length 1:30.5 to 1:02:03")
      #expect(TrackFilter.Clause.loudness(-10 ... -5).description == "loudness -10.0 to -5.0 LUFS")
    }
  }
}
