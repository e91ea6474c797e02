import AudioDecoding
import AudioFiles
import Catalogue
import Foundation
import MusicLibrary
import SongModels
import Synchronization
import TestSupport
import Testing

/// Songs that CUE sheets find in files: found, heard, edited, moved and forgotten.
@Suite struct CueTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
  }

  /// What an indexing did: added, updated, moved, unchanged, forgotten; how many songs it listened to; and what it said.
  private struct Result: Equatable {
    var counts: [Int]
    var heard: Int
    var said: [String] = []
  }

  private func index(
    _ name: String = "music", model: EmbeddingModel = .mfcc, options: Indexer.Options = .init()
  ) throws -> Result {
    let state = Mutex((pending: 0, said: [String]()))
    let summary = try Indexer(catalogue: catalogue, model: model, threads: 2).index(
      [folder(name)], options: options,
      report: { event in
        state.withLock { state in
          switch event {
          case .found(let count, _): state.pending += count
          case .note(let text): state.said.append(text)
          case .noted(let path, let note): state.said.append("\(path): \(note)")
          default: break
          }
        }
      })
    #expect(summary.skipped.isEmpty, "\(summary.skipped)")
    #expect(try catalogue.faults().isEmpty)
    return state.withLock { state in
      Result(
        counts: [summary.added, summary.updated, summary.moved, summary.unchanged, summary.forgotten],
        heard: state.pending, said: state.said)
    }
  }

  /// Songs of some seconds, each of another kind.
  private static let lengths = [2.0, 1, 3]

  private static func samples(_ kinds: [Int]) -> [Float] {
    kinds.flatMap { TestSong(kind: $0, variant: 0, seconds: lengths[$0]).samples }
  }

  /// Writes an album of three songs in one file.
  private func album(_ name: String = "music/a/album.flac", tags: AudioTags = AudioTags(title: "File")) throws {
    let path = folder(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try AudioEncoder.write(
      [Self.samples([0, 1, 2])], sampleRate: 22_050, tags: tags, to: path,
      format: AudioFileFormat(rawValue: (path as NSString).pathExtension) ?? .wav)
  }

  private static func sheetText(
    file: String = "album.wav", titles: [String] = ["One", "Two", "Three"], times: [Double] = [0, 2, 3]
  ) -> String {
    var text = "PERFORMER \"Band\"\nTITLE \"Album\"\nREM DATE 1999\nFILE \"\(file)\" WAVE\n"
    for (index, (title, time)) in zip(titles, times).enumerated() {
      let (seconds, frames) = (Int(time), Int(((time - time.rounded(.down)) * 75).rounded()))
      text +=
        "  TRACK 0\(index + 1) AUDIO\n    TITLE \"\(title)\"\n    INDEX 01 00:0\(seconds):\(frames < 10 ? "0" : "")\(frames)\n"
    }
    return text
  }

  private func sheet(
    _ name: String = "music/a/album.cue", file: String = "album.wav", titles: [String] = ["One", "Two", "Three"],
    times: [Double] = [0, 2, 3]
  ) throws {
    try folder.write(Self.sheetText(file: file, titles: titles, times: times), to: name)
  }

  private func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder(name)) }

  private func move(_ name: String, to target: String) throws {
    try FileManager.default.moveItem(atPath: folder(name), toPath: folder(target))
  }

  /// All tracks below the folder, by their names.
  private func tracks() throws -> [String: Track] {
    let states = try catalogue.fileStates(under: folder.path, model: nil)
    let tracks = try catalogue.tracks(ids: states.map(\.id))
    return Dictionary(
      uniqueKeysWithValues: tracks.values.map { (String($0.path.dropFirst(folder.path.utf8.count + 1)), $0) })
  }

  private func names() throws -> [String] { try tracks().keys.sorted() }

  private func titles() throws -> [String] {
    try tracks().sorted { $0.key < $1.key }.map { $0.value.tags.title ?? "–" }
  }

  private static let songs = (1...3).map { "music/a/album.cue/track000\($0)" }
  private static let inside = (1...3).map { "music/a/album.flac/track000\($0)" }

  private func vector(_ name: String, _ model: EmbeddingModel = .mfcc) throws -> [Float] {
    let track = try #require(try catalogue.track(path: folder(name)))
    return try #require(try catalogue.embedding(of: track.id, model: model.identifier))
  }

  // MARK: - A sheet beside a file

  @Test func anAlbumBecomesItsSongs() throws {
    var tags = AudioTags(title: "File", genres: ["Rock"])
    tags.track = 9
    try album(tags: tags)
    try sheet()
    #expect(try index() == Result(counts: [3, 0, 0, 0, 0], heard: 3))
    let tracks = try tracks()
    #expect(tracks.keys.sorted() == Self.songs)
    for (index, name) in Self.songs.enumerated() {
      let track = try #require(tracks[name])
      #expect(track.tags.title == ["One", "Two", "Three"][index] && track.tags.artists == ["Band"])
      #expect(track.tags.album == "Album" && track.tags.albumArtists == ["Band"] && track.tags.genres == ["Rock"])
      #expect(track.tags.track == index + 1 && track.tags.trackTotal == 3 && track.tags.year == 1999)
      #expect(track.source.file == folder("music/a/album.flac"))
      #expect(abs(try #require(track.duration) - Self.lengths[index]) < 0.001)
    }
    #expect(tracks[Self.songs[1]]?.source.bounds == SongBounds(start: 2, end: 3))
    #expect(tracks[Self.songs[2]]?.source.bounds == SongBounds(start: 3))
    #expect(try index() == Result(counts: [0, 0, 0, 3, 0], heard: 0))
    // Each has a digest and a fingerprint of its own.
    let digests = try catalogue.fileStates(under: folder.path, model: nil).map(\.soundDigest)
    #expect(Set(digests).count == 3 && !digests.contains(nil))
    #expect(try catalogue.fingerprints(of: tracks.values.map(\.id)).count == 3)
    #expect(try catalogue.statistics().tracks == 3)
  }

  @Test(arguments: [EmbeddingModel.descriptor, .mfcc]) func aSongSoundsAsItWouldInAFileOfItsOwn(model: EmbeddingModel)
    throws
  {
    // Longer than the excerpt, so that the middle is the song's own, at a rate that is resampled.
    let lengths = [33.0, 36, 34]
    let songs = lengths.enumerated().map { kind, seconds in TestMelody(seed: UInt64(kind), seconds: seconds).samples }
    try FileManager.default.createDirectory(atPath: folder("music"), withIntermediateDirectories: true)
    func write(_ samples: [Float], _ name: String) throws {
      try AudioEncoder.write([samples], sampleRate: 44_100, to: folder("music/\(name)"), format: .flac)
    }
    // Twice as many samples a second: each song takes half as long.
    let doubled = songs.map { $0 + $0.reversed() }
    try write(doubled.flatMap(\.self), "album.flac")
    for (index, samples) in doubled.enumerated() { try write(samples, "\(index + 1).flac") }
    try folder.write(
      """
      FILE album.flac WAVE
      TRACK 01 AUDIO
      INDEX 01 00:00:00
      TRACK 02 AUDIO
      INDEX 01 00:33:00
      TRACK 03 AUDIO
      INDEX 01 01:09:00
      """, to: "music/album.cue")
    _ = try index(model: model)
    #expect(try names() == (1...3).map { "music/\($0).flac" } + (1...3).map { "music/album.cue/track000\($0)" })
    for number in 1...3 {
      #expect(try vector("music/album.cue/track000\(number)", model) == vector("music/\(number).flac", model))
    }
    // They are copies of the songs in files of their own, and not of each other.
    let groups = try DuplicateFinder(catalogue: catalogue).duplicates().map { $0.songs.map(\.track.path).sorted() }
    #expect(
      groups.sorted { $0[0] < $1[0] }
        == (1...3).map { number in
          [folder("music/\(number).flac"), folder("music/album.cue/track000\(number)")]
        })
  }

  @Test func shortSongsSoundAsInFilesOfTheirOwnButForTheirBeginnings() throws {
    try album()
    try sheet()
    for (kind, seconds) in Self.lengths.enumerated() {
      try TestSong(kind: kind, variant: 0, seconds: seconds).write(to: folder("music/\(kind).flac"))
    }
    _ = try index()
    // At the file's own rate, MFCC resamples nothing: no filter looks back into the song before.
    for number in 1...3 {
      #expect(try vector("music/a/album.cue/track000\(number)") == vector("music/\(number - 1).flac"))
    }
  }

  @Test func anEditedSheetIsReadWithoutListening() throws {
    try album()
    try sheet()
    _ = try index()
    let before = try tracks()
    let vectors = try Self.songs.map { try vector($0) }
    try sheet(titles: ["One", "Zwei", "Three"])
    #expect(try index() == Result(counts: [0, 1, 0, 2, 0], heard: 0))
    #expect(try titles() == ["One", "Zwei", "Three"])
    #expect(try Self.songs.map { try vector($0) } == vectors)
    #expect(try tracks().mapValues(\.id) == before.mapValues(\.id))
    #expect(try index() == Result(counts: [0, 0, 0, 3, 0], heard: 0))
  }

  @Test func songsWhoseTimesHaveChangedAreHeardAgain() throws {
    try album()
    try sheet()
    _ = try index()
    let (first, third) = (try vector(Self.songs[0]), try vector(Self.songs[2]))
    // The second song begins and ends where it did; the border between the first two moves.
    try sheet(times: [0, 1.5, 3])
    #expect(try index() == Result(counts: [0, 2, 0, 1, 0], heard: 2))
    #expect(try vector(Self.songs[0]) != first && vector(Self.songs[2]) == third)
    // A song that was one with its neighbour: the numbers of those behind it change, and they are recognised.
    try sheet(titles: ["One", "Three"], times: [0, 3])
    #expect(try index() == Result(counts: [0, 1, 1, 0, 1], heard: 1))
    #expect(try titles() == ["One", "Three"])
    #expect(try vector(Self.songs[1]) == third)
  }

  @Test func aFileIsOneSongWithoutItsSheet() throws {
    try album()
    _ = try index()
    #expect(try names() == ["music/a/album.flac"])
    try sheet()
    #expect(try index() == Result(counts: [3, 0, 0, 0, 1], heard: 3))
    #expect(try names() == Self.songs)
    try remove("music/a/album.cue")
    #expect(try index() == Result(counts: [1, 0, 0, 0, 3], heard: 1))
    #expect(try names() == ["music/a/album.flac"])
    #expect(try titles() == ["File"])
  }

  @Test func aMovedAlbumIsNotHeardAgain() throws {
    try album()
    try sheet()
    _ = try index()
    let before = try tracks()
    try move("music/a", to: "music/b")
    #expect(try index() == Result(counts: [0, 0, 3, 0, 0], heard: 0))
    let moved = (1...3).map { "music/b/album.cue/track000\($0)" }
    #expect(try names() == moved)
    let after = try tracks()
    #expect(zip(Self.songs, moved).allSatisfy { before[$0]?.id == after[$1]?.id })
    #expect(after[moved[0]]?.source.file == folder("music/b/album.flac"))
    // The sheet alone gets another name, and the file, too.
    try move("music/b/album.cue", to: "music/b/x.cue")
    #expect(try index() == Result(counts: [0, 0, 3, 0, 0], heard: 0))
    try move("music/b/album.flac", to: "music/b/x.flac")
    #expect(try index() == Result(counts: [0, 3, 0, 0, 0], heard: 0))
    #expect(try names() == (1...3).map { "music/b/x.cue/track000\($0)" })
    #expect(try index() == Result(counts: [0, 0, 0, 3, 0], heard: 0))
  }

  @Test func aFileThatIsTaggedAnewIsNotHeardAgain() throws {
    try album()
    try sheet()
    _ = try index()
    try album(tags: AudioTags(title: "A much longer title than before", genres: ["Jazz"]))
    #expect(try index() == Result(counts: [0, 3, 0, 0, 0], heard: 0))
    #expect(try tracks().values.allSatisfy { $0.tags.genres == ["Jazz"] })
  }

  @Test func anAlbumThatIsGoneIsForgotten() throws {
    try album()
    try sheet()
    for kind in 3..<7 { try TestSong(kind: kind, variant: 0).write(to: folder("music/\(kind).flac")) }
    _ = try index()
    try remove("music/a")
    #expect(try index() == Result(counts: [0, 0, 0, 4, 3], heard: 0))
    #expect(try names() == (3..<7).map { "music/\($0).flac" })
  }

  @Test func anotherModelHearsTheSongsToo() throws {
    try album()
    try sheet()
    _ = try index()
    #expect(try index(model: .descriptor) == Result(counts: [0, 3, 0, 0, 0], heard: 3))
    #expect(try index(model: .descriptor) == Result(counts: [0, 0, 0, 3, 0], heard: 0))
  }

  @Test func aSheetOfOneSongAFileChangesNothing() throws {
    for kind in 0..<2 {
      try TestSong(kind: kind, variant: 0).write(to: folder("music/\(kind).flac"), tags: AudioTags(title: "\(kind)"))
    }
    let before = try index()
    try folder.write(
      "TITLE X\nFILE 0.wav WAVE\nTRACK 01 AUDIO\nTITLE Y\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 00:00:50\n"
        + "FILE 1.wav WAVE\nINDEX 01 00:00:00", to: "music/x.cue")
    #expect(before.counts[0] == 2)
    #expect(try index() == Result(counts: [0, 0, 0, 2, 0], heard: 0))
    #expect(try titles() == ["0", "1"])
  }

  @Test func aSheetThatIsNamedItselfIsIndexed() throws {
    try album()
    try sheet()
    #expect(try index("music/a/album.cue").counts == [3, 0, 0, 0, 0])
    #expect(try index("music/a/album.cue").counts == [0, 0, 0, 3, 0])
    #expect(try index("music").counts == [0, 0, 0, 3, 0])
    #expect(try names() == Self.songs)
  }

  // MARK: - Sheets that cannot be used

  @Test(arguments: [
    ("FILE album.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:09:00", "begins at 0:09"),
    ("FILE album.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:03:00\nTRACK 02 AUDIO\nINDEX 01 00:02:00", "track 2"),
    ("FILE none.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:02:00", "none.wav"),
    ("nonsense", "TRACK"),
  ]) func aBadSheetIsToldOnceAndItsFileIsOneSong(text: String, reason: String) throws {
    try album()
    try folder.write(text, to: "music/a/other.cue")
    let result = try index()
    #expect(result.counts == [1, 0, 0, 0, 0] && result.said.count == 1)
    #expect(result.said.first?.contains("other.cue: ") == true && result.said.first?.contains(reason) == true)
    #expect(try catalogue.remarks().map(\.path) == [folder("music/a/other.cue")])
    #expect(try index() == Result(counts: [0, 0, 0, 1, 0], heard: 0))
    // Corrected, and deleted.
    try sheet("music/a/other.cue")
    #expect(try index().counts == [3, 0, 0, 0, 1])
    #expect(try catalogue.remarks().isEmpty)
  }

  enum Fault: CaseIterable { case nonsense, empty, wrongFile, folder, pipe, linkToNothing, linkInACircle, shortFile }

  @Test(arguments: Fault.allCases) func songsStayWhileTheirSheetIsBroken(fault: Fault) throws {
    try album()
    try sheet()
    try TestSong(kind: 5, variant: 0).write(to: folder("music/single.flac"))
    _ = try index()
    let before = try tracks()
    let path = folder("music/a/album.cue")
    if fault != .shortFile { try remove("music/a/album.cue") }
    switch fault {
    case .nonsense: try folder.write("nonsense", to: "music/a/album.cue")
    case .empty: try folder.write("", to: "music/a/album.cue")
    case .wrongFile:
      try folder.write(Self.sheetText(file: "none.wav") + "FILE other.wav WAVE\n", to: "music/a/album.cue")
    case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    case .pipe: try #require(mkfifo(path, 0o600) == 0)
    case .linkToNothing: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/nothing/there")
    case .linkInACircle: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "album.cue")
    case .shortFile: try TestSong(kind: 0, variant: 0, seconds: 2).write(to: folder("music/a/album.flac"))
    }
    let indexer = Indexer(catalogue: catalogue, model: .mfcc, threads: 1)
    let said = Mutex("")
    func run(_ options: Indexer.Options = .init()) throws -> Indexer.Summary {
      try indexer.index(
        [folder("music")], options: options,
        report: { event in
          if case .note(let text) = event { said.withLock { $0 += text } }
        })
    }
    let summary = try run()
    #expect(summary.forgotten == 0 && summary.added == 0)
    #expect(try tracks().mapValues(\.id) == before.mapValues(\.id))
    let words = said.withLock(\.self) + summary.skipped.map(\.reason).joined()
    #expect(words.contains("3 songs are kept"), "\(words)")
    #expect(try run().forgotten == 0)
    if fault == .shortFile {
      try album()
    } else {
      // It is gone for good: the file is one song again.
      try remove("music/a/album.cue")
      let last = try run()
      #expect(last.forgotten == 3 && last.added == 1)
    }
    try sheet()
    _ = try run()
    #expect(try names() == Self.songs + ["music/single.flac"])
  }

  @Test func songsOfABrokenSheetAreForgottenIfThatIsAskedFor() throws {
    try album()
    try sheet()
    _ = try index()
    try folder.write("", to: "music/a/album.cue")
    #expect(try index(options: .init(prune: true)).counts == [1, 0, 0, 0, 3])
    #expect(try names() == ["music/a/album.flac"])
  }

  @Test func songsStayWhileTheSheetInTheirFileIsBroken() throws {
    try albumWithSheet()
    _ = try index()
    try album(tags: AudioTags())
    try insert(Self.comments(["CUESHEET=\(Self.sheetText(times: [0, 2, 9]))"]), type: 4, into: "music/a/album.flac")
    let summary = try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([folder("music")])
    #expect(summary.forgotten == 0 && summary.skipped.first?.reason.contains("3 songs are kept") == true)
    #expect(try names() == Self.inside)
  }

  @Test func ofTwoSheetsTheOneCalledLikeTheFileCounts() throws {
    try album()
    try sheet("music/a/a.cue", titles: ["X", "Y"], times: [0, 1])
    try sheet()
    let result = try index()
    #expect(try names() == Self.songs && result.said.count == 1 && result.said[0].contains("a.cue"))
    #expect(try index().said.isEmpty)
  }

  // MARK: - Sheets inside files

  /// Puts a text into the Vorbis comments of a FLAC file, or a block of another type.
  private func insert(_ block: [UInt8], type: UInt8, into name: String) throws {
    let url = URL(filePath: folder(name))
    var data = try Array(Data(contentsOf: url))
    // Behind STREAMINFO, which is not the last block.
    data[4] &= 0x7F
    let size = block.count
    data.insert(contentsOf: [type, UInt8(size >> 16), UInt8(size >> 8 & 0xFF), UInt8(size & 0xFF)] + block, at: 42)
    try Data(data).write(to: url)
  }

  private static func comments(_ fields: [String]) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }
    return word(0) + word(fields.count) + fields.flatMap { word($0.utf8.count) + Array($0.utf8) }
  }

  private func albumWithSheet(titles: [String] = ["One", "Two", "Three"]) throws {
    try album(tags: AudioTags())
    let text = Self.sheetText(titles: titles)
    try insert(Self.comments(["CUESHEET=\(text)", "GENRE=Rock"]), type: 4, into: "music/a/album.flac")
  }

  @Test func aSheetInTheTagsCutsItsFile() throws {
    try albumWithSheet()
    #expect(try index().counts == [3, 0, 0, 0, 0])
    #expect(try names() == Self.inside && titles() == ["One", "Two", "Three"])
    #expect(try tracks().values.allSatisfy { $0.tags.genres == ["Rock"] && $0.tags.album == "Album" })
    #expect(try index() == Result(counts: [0, 0, 0, 3, 0], heard: 0))
    let vectors = try Self.inside.map { try vector($0) }
    // Edited, without listening.
    try albumWithSheet(titles: ["One", "Zwei", "Three"])
    #expect(try index() == Result(counts: [0, 3, 0, 0, 0], heard: 0))
    #expect(try titles() == ["One", "Zwei", "Three"])
    #expect(try Self.inside.map { try vector($0) } == vectors)
    // Moved, too.
    try move("music/a", to: "music/b")
    #expect(try index().counts == [0, 0, 3, 0, 0])
    try move("music/b", to: "music/a")
    #expect(try index().counts == [0, 0, 3, 0, 0])
    // A sheet beside it goes before, and finds the same sounds.
    try sheet(titles: ["A", "B", "C"])
    #expect(try index().counts == [0, 0, 3, 0, 0])
    #expect(try names() == Self.songs && titles() == ["A", "B", "C"])
    try remove("music/a/album.cue")
    #expect(try index().counts == [0, 0, 3, 0, 0])
    #expect(try names() == Self.inside)
    // Taken out.
    try album()
    #expect(try index().counts == [1, 0, 0, 0, 3])
    #expect(try names() == ["music/a/album.flac"])
    try albumWithSheet()
    #expect(try index().counts == [3, 0, 0, 0, 1])
  }

  @Test func aSheetAsFLACHasItCutsItsFile() throws {
    try album()
    func bytes(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) } }
    var block = [UInt8](repeating: 0, count: 395) + [4]
    for (index, seconds) in [0, 2, 3].enumerated() {
      block += bytes(seconds * 22_050) + [UInt8(index + 1)] + [UInt8](repeating: 0, count: 26)
      block += [1] + bytes(0) + [1, 0, 0, 0]
    }
    block += bytes(6 * 22_050) + [170] + [UInt8](repeating: 0, count: 27)
    try insert(block, type: 5, into: "music/a/album.flac")
    #expect(try index().counts == [3, 0, 0, 0, 0])
    #expect(try tracks()[Self.inside[1]]?.source.bounds == SongBounds(start: 2, end: 3))
    #expect(try index().counts == [0, 0, 0, 3, 0])
  }

  @Test func aBadSheetInTheTagsIsToldAndTheFileIsOneSong() throws {
    try album(tags: AudioTags())
    let text = Self.sheetText(times: [0, 9, 10].map { min($0, 9) })
    try insert(Self.comments(["CUESHEET=\(text)"]), type: 4, into: "music/a/album.flac")
    let result = try index()
    #expect(try names() == ["music/a/album.flac"] && result.said.count == 1 && result.said[0].contains("CUE sheet"))
  }

  @Test func anIndexingThatWasStoppedWithinAnAlbumIsFinished() throws {
    try albumWithSheet()
    _ = try index()
    let first = try #require(try tracks()[Self.inside[1]])
    try catalogue.forget([first.id])
    #expect(try index().counts == [1, 0, 0, 2, 0])
    #expect(try names() == Self.inside)
  }

  @Test func theTagsOfAnEarlierVersionLeadToSheets() throws {
    try albumWithSheet()
    _ = try index()
    let vectors = try Self.inside.map { try vector($0) }
    try catalogue.forget(tracks().values.map(\.id))
    // As a version stored it that knew no sheets.
    let stamp = try FileStamp(path: folder("music/a/album.flac"))
    var track = IndexedTrack(
      path: folder("music/a/album.flac"), fileSize: stamp.size, modificationTime: stamp.modificationTime,
      soundDigest: "1-", embeddings: [EmbeddingModel.mfcc.identifier: vectors[0]])
    track.tagVersion = 0
    try catalogue.store([track])
    #expect(try index().counts == [3, 0, 0, 1, 1])
    #expect(try Self.inside.map { try vector($0) } == vectors)
  }

  // MARK: - Code pages

  @Test func theCodePageOfASheetIsFoundOrGiven() throws {
    try album()
    func cyrillic(_ text: String) -> [UInt8] {
      text.unicodeScalars.map { $0.value < 0x80 ? UInt8($0.value) : UInt8($0.value - 0x410 + 0xC0) }
    }
    let text = Self.sheetText(titles: ["Песня", "Весна", "Дорога домой"])
    try Data(cyrillic(text)).write(to: URL(filePath: folder("music/a/album.cue")))
    _ = try index()
    #expect(try titles() == ["Песня", "Весна", "Дорога домой"])
    _ = try index(options: .init(charset: LegacyCharset(named: "CP1252")))
    #expect(try titles()[0] != "Песня")
    _ = try index(options: .init(charset: LegacyCharset(named: "CP1251")))
    #expect(try titles() == ["Песня", "Весна", "Дорога домой"])
  }

  // MARK: - Asking

  @Test func songsAlbumsAndFilesAreSeeds() throws {
    try album()
    try sheet()
    for kind in 0..<3 { try TestSong(kind: kind, variant: 1).write(to: folder("music/\(kind).flac")) }
    _ = try index()
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    for name in ["music/a/album.cue", "music/a/album.flac", "music/a"] {
      #expect(try recommender.seed(Seed.Name(folder(name))).songs.count == 3)
    }
    let one = try recommender.seed(Seed.Name(folder(Self.songs[1])))
    #expect(one.songs == [try #require(try tracks()[Self.songs[1]]).id])
    let list = BlockList(catalogue)
    #expect(try list.clause(named: folder(Self.songs[1])) == .song(folder(Self.songs[1])))
    #expect(try list.count(of: list.clause(named: folder("music/a/album.flac"))) == 3)
    // Playlists lead back to the songs.
    let tracks = try tracks().sorted { $0.key < $1.key }.map(\.value)
    let playlist = Playlist(tracks: tracks)
    try folder.write(playlist.m3u, to: "list.m3u")
    try folder.write(playlist.xspf(), to: "list.xspf")
    for name in ["list.m3u", "list.xspf"] {
      #expect(try Playlist.paths(inFile: folder(name)) == tracks.map(\.path))
      #expect(try recommender.seed(Seed.Name(folder(name))).songs.count == 6)
    }
    #expect(playlist.m3u.contains("#EXTINF:1,Band - Two\n" + folder(Self.songs[1]) + "\n"))
    #expect(playlist.xspf().contains("<vlc:option>start-time=2.000000</vlc:option>"))
    #expect(playlist.xspf().contains("<location>file://" + folder("music/a/album.flac") + "</location>"))
  }

  @Test func aLibraryThatMovesToAnotherMachineFindsItsFiles() throws {
    try album()
    try sheet()
    _ = try index()
    let before = try tracks()
    try move("music", to: "elsewhere")
    #expect(try catalogue.move(PathMap([.init(old: folder("music"), new: folder("elsewhere"))])) == 3)
    #expect(try index("elsewhere") == Result(counts: [0, 0, 0, 3, 0], heard: 0))
    #expect(try Set(tracks().values.map(\.id)) == Set(before.values.map(\.id)))
  }
}
