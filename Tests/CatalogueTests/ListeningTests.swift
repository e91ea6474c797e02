import Catalogue
import Foundation
import GRDB
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
        .artist("Björk"), .folder("/music/x"), .genre("Christmas"), .longer(than: 1800), .shorter(than: 45),
        .song("/music/3.flac"),
      ]
      do {
        let catalogue = try Catalogue(path: path)
        for clause in clauses { #expect(try catalogue.block(clause)) }
        #expect(try !catalogue.block(.artist("BJÖRK")))
      }
      let catalogue = try Catalogue(path: path)
      #expect(Set(try catalogue.blocks()) == Set(clauses.dropFirst() + [.artist("BJÖRK")]))
      #expect(try catalogue.unblock(.artist("björk")) && !catalogue.unblock(.artist("björk")))
      #expect(try catalogue.unblock(.shorter(than: 1)))
      #expect(try catalogue.blocks().count == 4)
    }
  }

  @Test func whatIsSaidOfASongStaysWithItsPath() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/library.sqlite")
      try catalogue.store(model: sampleModel())
      let ids = try catalogue.store((0..<3).map { sampleTrack($0) })
      try catalogue.record(.rating, songs: [ids[0]], value: 5, source: "akin", time: 1)
      for number in 0..<2 { try catalogue.block(.song("/music/\(number).flac")) }
      // They go, and come back as tracks with other numbers.
      try catalogue.forget(Array(ids[..<2]))
      #expect(try catalogue.tracks(where: .stars(5...5)).isEmpty)
      #expect(try catalogue.blocks() == [.song("/music/0.flac"), .song("/music/1.flac")])
      let again = try catalogue.store([sampleTrack(0), sampleTrack(1)])
      #expect(try catalogue.tracks(where: .stars(5...5)) == [again[0]])
      #expect(try catalogue.tracks(where: .song("/music/0.flac")) == [again[0]])
      // A song that moves takes it along, also if two take each other's places.
      try catalogue.relocate([
        .init(id: again[0], oldPath: "/music/0.flac", track: sampleTrack(0, path: "/music/2.flac")),
        .init(id: ids[2], oldPath: "/music/2.flac", track: sampleTrack(2, path: "/music/0.flac")),
      ])
      #expect(try catalogue.blocks() == [.song("/music/1.flac"), .song("/music/2.flac")])
      // So it does on the way to another machine, and so do songs that are gone.
      try catalogue.forget([again[1]])
      try catalogue.move(PathMap([.init(old: "/music", new: "/mnt"), .init(old: "/mnt", new: "/old")]))
      #expect(try catalogue.blocks() == [.song("/mnt/1.flac"), .song("/mnt/2.flac")])
      try catalogue.forget([again[0]])
      let last = try catalogue.store([sampleTrack(0, path: "/mnt/2.flac")])
      #expect(try catalogue.events().map(\.songs) == [last])
      // A block can be taken off while its song is gone.
      #expect(try catalogue.unblock(.song("/mnt/1.flac")) && catalogue.unblock(.song("/mnt/2.flac")))
      #expect(try catalogue.blocks().isEmpty)
    }
  }

  @Test func songsThatWereBlockedByNumberAreBlockedByPath() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/library.sqlite"
      do {
        let catalogue = try Catalogue(path: path)
        try catalogue.store(model: sampleModel())
        try catalogue.store((1...2).map { sampleTrack($0) })
      }
      try DatabaseQueue(path: path).write { db in
        // As version 10 had it.
        try db.execute(
          sql: """
            DROP TRIGGER trackCame; DROP TRIGGER trackMoved; DROP INDEX blockTrack; ALTER TABLE block DROP COLUMN track;
            DELETE FROM grdb_migrations WHERE identifier LIKE '11 %';
            INSERT INTO block VALUES ('song', '2', ''), ('song', '77', ''), ('genre', 'rock', 'Rock'),
              ('longest', '', '-5e-324'), ('shortest', '', '45.0');
            INSERT INTO event (id, time, source, kind, value) VALUES (1, 1, 'akin', 'rating', 5);
            INSERT INTO eventSong VALUES (1, 0, NULL, '/music/1.flac');
            """)
      }
      let catalogue = try Catalogue(path: path)
      #expect(Set(try catalogue.blocks()) == [.genre("Rock"), .shorter(than: 45), .song("/music/2.flac")])
      #expect(try catalogue.tracks(where: .stars(5...5)) == [TrackID(rawValue: 1)])
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
