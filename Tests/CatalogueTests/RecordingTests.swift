import Catalogue
import Foundation
import Testing

@Suite struct RecordingTests {
  private func fingerprint(_ byte: UInt8, version: Int = 1) -> StoredFingerprint {
    StoredFingerprint(
      version: version, data: Data([byte]), codec: "flac", sampleRate: 44_100, channelCount: 2)
  }

  private func track(_ number: Int, fingerprint: StoredFingerprint?, time: Int64 = 1) -> IndexedTrack {
    IndexedTrack(path: "/music/\(number)", fileSize: 1, modificationTime: time, fingerprint: fingerprint)
  }

  private func withTracks(_ count: Int, _ body: (Catalogue, [TrackID]) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      let ids = try catalogue.store((0..<count).map { track($0, fingerprint: fingerprint(UInt8($0))) })
      try body(catalogue, ids)
    }
  }

  private func stored(_ catalogue: Catalogue, version: Int = 1) throws -> [(TrackID, Data, Bool)] {
    var found: [(TrackID, Data, Bool)] = []
    try catalogue.forEachFingerprint(version: version) { found.append(($0, $1, $2)) }
    return found
  }

  @Test func fingerprintsAreReadAsTheyWereStored() throws {
    try withTracks(3) { catalogue, ids in
      let found = try stored(catalogue)
      #expect(found.map(\.0) == ids && found.map(\.1) == [Data([0]), Data([1]), Data([2])])
      #expect(found.allSatisfy { !$0.2 })
      #expect(try stored(catalogue, version: 2).isEmpty)
      #expect(try catalogue.fingerprints(of: ids.prefix(1)) == [ids[0]: fingerprint(0)])
      #expect(try catalogue.unfinishedFingerprints(version: 1) == (missing: 0, notCompared: 3))
      #expect(try catalogue.unfinishedFingerprints(version: 2) == (missing: 3, notCompared: 0))
    }
  }

  @Test func aFingerprintGoesWithItsFileAndStaysOtherwise() throws {
    try withTracks(2) { catalogue, ids in
      try catalogue.store(copies: [.init(track: ids[0], other: ids[1], errorRate: 0.1)], compared: ids)
      try catalogue.replaceRecordings { _ in [ids] }
      // The same file, heard by another model; and tags that were read again.
      try catalogue.store([track(0, fingerprint: fingerprint(9))])
      #expect(try catalogue.fingerprints(of: ids)[ids[0]] == fingerprint(0))
      #expect(try catalogue.recordings() == [ids])
      // Another file.
      try catalogue.store([track(0, fingerprint: fingerprint(9), time: 2)])
      #expect(try catalogue.fingerprints(of: ids)[ids[0]] == fingerprint(9))
      #expect(try catalogue.recordings().isEmpty && catalogue.recordings(of: ids) == [ids[1]: ids[0].rawValue])
      #expect(try catalogue.unfinishedFingerprints(version: 1).notCompared == 1)
      try catalogue.replaceRecordings { copies in
        #expect(copies.isEmpty)
        return []
      }
      #expect(try catalogue.recordings(of: ids).isEmpty)
    }
  }

  @Test func whatAForgottenTrackLeavesIsNothing() throws {
    try withTracks(3) { catalogue, ids in
      try catalogue.store(
        copies: [
          .init(track: ids[0], other: ids[1], errorRate: 0.1), .init(track: ids[1], other: ids[2], errorRate: 0.2),
        ], compared: ids)
      try catalogue.forget([ids[1]])
      try catalogue.replaceRecordings { copies in
        #expect(copies.isEmpty)
        return []
      }
      // What was found of it meanwhile is left out.
      try catalogue.store(copies: [.init(track: ids[0], other: ids[1], errorRate: 0.1)], compared: [ids[1]])
      try catalogue.store(fingerprints: [ids[1]: fingerprint(1)])
      #expect(try stored(catalogue).map(\.0) == [ids[0], ids[2]])
    }
  }

  @Test func copiesAndGroupsAreKept() throws {
    try withTracks(4) { catalogue, ids in
      let copies = [Catalogue.Copy(track: ids[0], other: ids[2], errorRate: 0.125)]
      try catalogue.store(copies: copies, compared: [ids[0], ids[2]])
      #expect(try stored(catalogue).map(\.2) == [true, false, true, false])
      try catalogue.replaceRecordings { found in
        #expect(found == copies)
        return [[ids[0], ids[2]]]
      }
      #expect(try catalogue.recordings() == [[ids[0], ids[2]]])
      let numbers = try catalogue.recordings(of: ids)
      #expect(numbers.count == 2 && numbers[ids[0]] == numbers[ids[2]])
    }
  }

  @Test func whatHasNoFingerprintOrMeasuresIsListed() throws {
    try withTracks(2) { catalogue, ids in
      try catalogue.store([track(2, fingerprint: nil)])
      func missing(_ root: String = "/music", fingerprints: Int = 1, measures: Int = 1) throws -> [String] {
        try catalogue.missingTraits(under: root, fingerprintVersion: fingerprints, measureVersion: measures).map {
          $0.state.path + ($0.fingerprint ? " fingerprint" : "") + ($0.measures ? " measures" : "")
        }
      }
      #expect(try missing() == ["/music/0 measures", "/music/1 measures", "/music/2 fingerprint measures"])
      let measures = TrackMeasures(version: 1, tempo: 120, loudness: -9, brightness: 1500)
      try catalogue.store(measures: [ids[0]: measures, ids[1]: measures, TrackID(rawValue: 99): measures])
      #expect(try missing() == ["/music/2 fingerprint measures"])
      #expect(try catalogue.measures(of: ids[1]) == measures)
      #expect(try missing(fingerprints: 2).count == 3 && missing(measures: 2).count == 3)
      #expect(try missing("/other", fingerprints: 2).isEmpty)
      try catalogue.forgetFingerprints(of: [ids[0]])
      #expect(try missing("/music/0") == ["/music/0 fingerprint"])
    }
  }
}
