import Catalogue
import Testing

/// What is kept of files beside the tracks.
@Suite struct RemarkTests {
  private func remark(_ path: String, _ kind: FileRemark.Kind, _ reason: String = "broken") -> FileRemark {
    FileRemark(path: path, kind: kind, reason: reason, fileSize: 3, modificationTime: 4, software: "akin 1")
  }

  @Test func remarksReplaceEarlierOnesOnTheSameFile() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      let notes = [remark("/m/b\n", .note, "one"), remark("/m/b\n", .note, "two")]
      try catalogue.replaceRemarks(on: ["/m/a"], by: [remark("/m/a", .refused), remark("/m/\u{e9}", .video)] + notes)
      #expect(try catalogue.remarks() == [remark("/m/a", .refused)] + notes + [remark("/m/\u{e9}", .video)])
      // Compared byte by byte.
      try catalogue.replaceRemarks(on: ["/m/e\u{301}", "/m/b\n"], by: [remark("/m/b\n", .refused)])
      #expect(
        try catalogue.remarks() == [remark("/m/a", .refused), remark("/m/b\n", .refused), remark("/m/\u{e9}", .video)])
      try catalogue.replaceRemarks(on: ["/m/a", "/m/b\n", "/m/\u{e9}"])
      #expect(try catalogue.remarks().isEmpty)
    }
  }

  @Test func mountPointsAreRememberedOnce() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.changeMountPoints(add: ["/m/usb", "/a", "/m/usb"], remove: [])
      try catalogue.changeMountPoints(add: ["/a"], remove: ["/m/usb", "/none"])
      #expect(try catalogue.mountPoints() == ["/a"])
    }
  }

  @Test func tracksOfEqualSizeAndTimeAreFound() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      func track(_ path: String, _ size: Int64, _ time: Int64, heard: Bool = true) -> IndexedTrack {
        IndexedTrack(
          path: path, fileSize: size, modificationTime: time, embeddings: heard ? ["mfcc": [1, 2, 3]] : [:])
      }
      let ids = try catalogue.store([
        track("/b", 1, 2), track("/c", 1, 3), track("/a", 1, 2, heard: false), track("/d", 5, 6), track("/e", 1, 2),
        track("/f", 5, 6),
      ])
      let groups = try catalogue.tracksOfEqualFiles()
      #expect(groups.map { $0.map(\.path) } == [["/b", "/a", "/e"], ["/d", "/f"]])
      #expect(groups[0].map(\.id) == [ids[0], ids[2], ids[4]])
      let states = try catalogue.fileStates(fileSize: 1, modificationTime: 2, model: "mfcc")
      #expect(states.map(\.path) == ["/b", "/a", "/e"] && states.map(\.hasEmbedding) == [true, false, true])
      #expect(try catalogue.fileStates(fileSize: 9, modificationTime: 2, model: nil).isEmpty)
    }
  }

  @Test func statisticsCountTracksHoursAndVectors() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      let empty = try catalogue.statistics()
      #expect((empty.tracks, empty.seconds) == (0, 0) && empty.models.isEmpty)
      try catalogue.store(model: sampleModel())
      try catalogue.store(model: sampleModel("other"))
      try catalogue.setCurrentModel(identifier: "other")
      var (first, second) = (sampleTrack(1), sampleTrack(2, embeddings: ["other": [1, 2, 3]]))
      (first.duration, second.duration) = (10.5, nil)
      try catalogue.store([first, second, sampleTrack(3, embeddings: ["mfcc": [1, 2, 3], "other": [1, 2, 3]])])
      let statistics = try catalogue.statistics()
      #expect((statistics.tracks, statistics.seconds) == (3, 10.5))
      #expect(statistics.models.map(\.identifier) == ["mfcc", "other"])
      #expect(statistics.models.map(\.vectors) == [2, 2] && statistics.models.map(\.isCurrent) == [false, true])
    }
  }
}
