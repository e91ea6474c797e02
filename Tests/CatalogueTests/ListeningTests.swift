import Catalogue
import Foundation
import Testing

/// What listeners do and do not want.
@Suite struct ListeningTests {
  @Test func eventsAreKeptUndoneAndFoundAgain() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/library.sqlite")
      try catalogue.store(model: sampleModel())
      let ids = try catalogue.store([sampleTrack(1), sampleTrack(2)])
      let first = try catalogue.record(.played, songs: ids, source: "mpd", time: 10)
      try catalogue.record(.rating, songs: [ids[1]], value: 4, source: "akin", time: 20)
      #expect(try catalogue.events().map(\.songs) == [ids, [ids[1]]])
      #expect(try catalogue.events([.rating]).map(\.value) == [4])
      #expect(try catalogue.events(since: 15).count == 1)
      #expect(try Set(catalogue.tracks(where: .stars(3...5))) == [ids[1]])
      // A file that goes and comes back is still the song that was played.
      try catalogue.forget([ids[0]])
      #expect(try catalogue.events([.played]).map(\.songs) == [[ids[1]]])
      let again = try catalogue.store([sampleTrack(1)])
      #expect(try catalogue.events([.played]).map(\.songs) == [again + [ids[1]]])
      #expect(try catalogue.undo(event: first, time: 30) && !catalogue.undo(event: first, time: 31))
      #expect(try catalogue.events().count == 1)
    }
  }

  @Test func theBlockListLasts() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/library.sqlite"
      let clauses: [TrackFilter.Clause] = [
        .artist("Björk"), .folder("/music/x"), .genre("Christmas"), .seconds(1800.0.nextUp...Catalogue.endless),
        .seconds(0...45.0.nextDown), .track(TrackID(rawValue: 3)),
      ]
      do {
        let catalogue = try Catalogue(path: path)
        for clause in clauses { #expect(try catalogue.block(clause)) }
        #expect(try !catalogue.block(.artist("BJÖRK")))
      }
      let catalogue = try Catalogue(path: path)
      #expect(Set(try catalogue.blocks()) == Set(clauses.dropFirst() + [.artist("BJÖRK")]))
      #expect(try catalogue.unblock(.artist("björk")) && !catalogue.unblock(.artist("björk")))
      #expect(try catalogue.unblock(.seconds(0...1)))
      #expect(try catalogue.blocks().count == 4)
    }
  }

  @Test func aFolderIsItselfAndWhatLiesBelow() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/library.sqlite")
      try catalogue.store(model: sampleModel())
      let paths = ["/m/a/1.mp3", "/m/a/b/2.mp3", "/m/ab/3.mp3", "/m/a.mp3", "/m/a0/4.mp3", "/m/A/5.mp3"]
      let ids = try catalogue.store(paths.map { sampleTrack(1, path: $0) })
      #expect(try Set(catalogue.tracks(where: .folder("/m/a"))) == Set(ids[..<2]))
      #expect(try Set(catalogue.tracks(where: .folder("/m/a/"))) == Set(ids[..<2]))
      #expect(try Set(catalogue.tracks(where: .folder("/"))) == Set(ids))
    }
  }

  @Test func yearsAreThoseOfTheFirstRelease() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/library.sqlite")
      try catalogue.store(model: sampleModel())
      let dates: [(String?, String?)] = [
        ("2009-01-01", "1969"), ("1969-05", nil), ("soon", nil), (nil, nil), ("1970", nil),
      ]
      let ids = try catalogue.store(
        dates.enumerated().map { number, dates in
          var track = sampleTrack(number)
          (track.tags.date, track.tags.originalDate) = dates
          return track
        })
      #expect(try Set(catalogue.tracks(where: .years(1960...1969))) == Set(ids[..<2]))
      #expect(try Set(catalogue.tracks(where: .years(0...3000))) == [ids[0], ids[1], ids[4]])
    }
  }
}
