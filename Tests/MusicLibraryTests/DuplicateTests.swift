import AudioDecoding
import AudioFeatures
import Catalogue
import Foundation
import GRDB
import MusicLibrary
import SongModels
import Synchronization
import TestSupport
import Testing

@Suite struct DuplicateTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
  }

  @discardableResult
  private func index(
    model: EmbeddingModel = .descriptor, wholes: Bool = false, report: @Sendable (Indexer.Event) -> Void = { _ in }
  ) throws -> Indexer.Summary {
    try Indexer(catalogue: catalogue, model: model, threads: 2)
      .index([folder("music")], options: .init(wholeFingerprints: wholes), report: report)
  }

  private func write(_ samples: [Float], _ name: String, sampleRate: Int = 22_050, bitRate: Int? = nil) throws {
    let path = folder("music/\(name)")
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    let format = try #require(AudioFileFormat(rawValue: (path as NSString).pathExtension))
    try AudioEncoder.write([samples], sampleRate: sampleRate, to: path, format: format, bitRate: bitRate)
  }

  /// The names of all groups.
  private func groups() throws -> Set<Set<String>> {
    Set(
      try DuplicateFinder(catalogue: catalogue).duplicates().map { duplicate in
        Set(duplicate.songs.map { ($0.track.path as NSString).lastPathComponent })
      })
  }

  private func edit(_ sql: String, _ arguments: StatementArguments = []) throws {
    try DatabaseQueue(path: catalogue.path).write { try $0.execute(sql: sql, arguments: arguments) }
  }

  // MARK: - By sound

  @Test(arguments: [EmbeddingModel.descriptor, .mfcc])
  func copiesAreFoundByTheirSound(model: EmbeddingModel) throws {
    for seed in UInt64(1)...3 {
      let music = TestMelody(seed: seed, seconds: 24).samplesWithBass
      try write(music, "\(seed).flac")
      try write(music, "\(seed).mp3", bitRate: 64_000)
      try write(Array(music[60_000...]).map { $0 * 0.5 }, "\(seed).ogg", bitRate: 48_000)
      // At another rate, as if it had been sampled so.
      try write([Float](repeating: 0, count: 50_000) + music, "\(seed).opus", bitRate: 48_000)
    }
    try index(model: model)
    #expect(try groups() == Set((1...3).map { seed in Set(["flac", "mp3", "ogg", "opus"].map { "\(seed).\($0)" }) }))
  }

  @Test func whatSoundsDifferentIsAnotherRecording() throws {
    try write(TestMelody(seed: 1, seconds: 24).samplesWithBass, "song.flac")
    try write(TestMelody(seed: 1, seconds: 24, tempo: 1.04).samplesWithBass, "faster.flac")
    try write(TestMelody(seed: 1, seconds: 24, transposition: 1).samplesWithBass, "higher.flac")
    let other = TestMelody(seed: 2, seconds: 24).samplesWithBass
    try write(zip(TestMelody(seed: 1, seconds: 24).samplesWithBass, other).map { $0 * 0.7 + $1 * 0.7 }, "remix.flac")
    try write(other, "other.flac")
    try index()
    #expect(try groups().isEmpty)
  }

  /// Even if a part has the higher bit rate, or is lossless.
  @Test func theWholeComesBeforeItsParts() throws {
    let music = TestMelody(seed: 15, seconds: 28).samplesWithBass
    try write(music, "b.mp3", bitRate: 64_000)
    try write(Array(music[..<(22_050 * 24)]), "c.mp3", bitRate: 128_000)
    try write(Array(music[..<(22_050 * 20)]), "a.flac")
    try index()
    let duplicate = try #require(try DuplicateFinder(catalogue: catalogue).duplicates().first)
    // 4 s more or less are no reason to prefer what sounds worse.
    #expect(duplicate.songs.map { ($0.track.path as NSString).lastPathComponent } == ["c.mp3", "b.mp3", "a.flac"])
    #expect(duplicate.songs.map(\.isLossless) == [false, false, true])
  }

  @Test func theCopyWithTheHighestBitRateComesFirst() throws {
    let music = TestMelody(seed: 4, seconds: 20).samplesWithBass
    try write(music, "a.mp3", bitRate: 64_000)
    try write(music, "b.flac")
    try write(music, "c.mp3", bitRate: 128_000)
    try index()
    let duplicate = try #require(try DuplicateFinder(catalogue: catalogue).duplicates().first)
    let names = duplicate.songs.map { ($0.track.path as NSString).lastPathComponent }
    #expect(names == ["b.flac", "c.mp3", "a.mp3"])
    #expect(duplicate.songs.map(\.codec) == ["flac", "mp3", "mp3"])
    let first = duplicate.songs[0]
    #expect((first.sampleRate, first.channelCount) == (22_050, 1))
    let rate = try #require(duplicate.songs[2].bitRate)
    #expect((60_000...70_000).contains(rate))
  }

  @Test func songsWithoutCopiesOfThoseBefore() throws {
    let music = TestMelody(seed: 5, seconds: 20).samplesWithBass
    for name in ["a.flac", "c.mp3", "d.ogg"] { try write(music, name) }
    try write(TestMelody(seed: 6, seconds: 20).samplesWithBass, "b.flac")
    try index()
    let ids = try ["b.flac", "d.ogg", "a.flac", "c.mp3"].map {
      try #require(try catalogue.track(path: folder("music/\($0)"))).id
    }
    let finder = DuplicateFinder(catalogue: catalogue)
    #expect(try finder.withoutCopies(ids) == Array(ids[..<2]))
    #expect(try finder.withoutCopies(Array(ids[..<3]), after: [ids[3]]) == [ids[0]])
    #expect(try finder.withoutCopies([TrackID(rawValue: 99)]) == [TrackID(rawValue: 99)])
    #expect(try finder.withoutCopies([]).isEmpty)
  }

  // MARK: - A library that changes

  @Test func newCopiesJoinAndWhatIsGoneLeaves() throws {
    let music = TestMelody(seed: 7, seconds: 20).samplesWithBass
    try write(music, "a.flac")
    try write(TestMelody(seed: 8, seconds: 20).samplesWithBass, "x.flac")
    try index()
    #expect(try groups().isEmpty)
    try write(music, "b.mp3")
    try index()
    #expect(try groups() == [["a.flac", "b.mp3"]])
    try write(music, "c.ogg")
    try index()
    #expect(try groups() == [["a.flac", "b.mp3", "c.ogg"]])
    try FileManager.default.removeItem(atPath: folder("music/a.flac"))
    try index()
    #expect(try groups() == [["b.mp3", "c.ogg"]])
    // A file that holds another song now.
    try write(TestMelody(seed: 9, seconds: 21).samplesWithBass, "b.mp3")
    try index()
    #expect(try groups().isEmpty)
    #expect(try DuplicateFinder(catalogue: catalogue).unfinishedCount() == 0)
  }

  @Test func songsThatAnEarlierVersionHeardGetTheirFingerprints() throws {
    let music = TestMelody(seed: 10, seconds: 20).samplesWithBass
    for name in ["a.flac", "b.mp3"] { try write(music, name) }
    try index()
    try edit("DELETE FROM fingerprint; DELETE FROM copy; DELETE FROM recording")
    let finder = DuplicateFinder(catalogue: catalogue)
    #expect(try finder.unfinishedCount() == 2 && groups().isEmpty)
    let steps = Mutex<[Int]>([])
    let summary = try index { event in
      if case .hearingAgain(let done, 2) = event { steps.withLock { $0.append(done) } }
    }
    #expect((summary.heardAgain, summary.unchanged, summary.updated) == (2, 2, 0))
    #expect(steps.withLock { $0 } == [1, 2])
    #expect(try finder.unfinishedCount() == 0 && groups() == [["a.flac", "b.mp3"]])
    #expect(try index().heardAgain == 0)
    // So do those of an earlier version of fingerprints.
    try edit("UPDATE fingerprint SET version = version - 1")
    #expect(try finder.unfinishedCount() == 2)
    #expect(try index().heardAgain == 2)
  }

  @Test func aPartIsFoundInAWholeThatWasHeardAsAWhole() throws {
    let music = TestMelody(seed: 14, seconds: 90).samplesWithBass
    try write(music, "whole.flac")
    try write(Array(music[22_050..<(22_050 * 21)]), "preview.mp3")
    try index()
    #expect(try groups().isEmpty)
    #expect(try index(wholes: true).heardAgain == 1)
    #expect(try groups() == [["preview.mp3", "whole.flac"]])
    #expect(try index(wholes: true).heardAgain == 0)
    // Another model does not make them shorter.
    try index(model: .mfcc)
    #expect(try index(model: .mfcc, wholes: true).heardAgain == 0)
    #expect(try groups() == [["preview.mp3", "whole.flac"]])
  }

  @Test func anotherModelLeavesTheFingerprintsAlone() throws {
    try write(TestMelody(seed: 11, seconds: 20).samplesWithBass, "a.flac")
    try index()
    let before = try catalogue.fingerprints(of: [TrackID(rawValue: 1)])
    #expect(before.count == 1)
    try index(model: .mfcc)
    #expect(try catalogue.fingerprints(of: [TrackID(rawValue: 1)]) == before)
  }

  @Test func aDamagedFingerprintIsToldAndMadeAnew() throws {
    let music = TestMelody(seed: 12, seconds: 20).samplesWithBass
    for name in ["a.flac", "b.mp3"] { try write(music, name) }
    try index()
    try edit("UPDATE fingerprint SET data = zeroblob(100) WHERE track = 1")
    try write(music, "c.ogg")
    let notes = Mutex<[String]>([])
    try index { event in
      if case .note(let text) = event { notes.withLock { $0.append(text) } }
    }
    #expect(notes.withLock { $0 }.first?.contains("damaged fingerprints") == true)
    #expect(try groups() == [["b.mp3", "c.ogg"]])
    #expect(try index().heardAgain == 1)
    #expect(try groups() == [["a.flac", "b.mp3", "c.ogg"]])
  }

  @Test func shortAndSilentFilesAreNoCopies() throws {
    for name in ["a.flac", "b.flac"] { try write([Float](repeating: 0, count: 22_050 * 12), name) }
    for name in ["c.flac", "d.flac"] { try write(TestMelody(seed: 13, seconds: 0.6).samplesWithBass, name) }
    try index()
    #expect(try groups().isEmpty)
    #expect(try DuplicateFinder(catalogue: catalogue).unfinishedCount() == 0)
  }
}

extension TestMelody {
  /// The tune over a bass. Without one there is nothing in the lowest band but what codecs add.
  fileprivate var samplesWithBass: [Float] {
    let noteLength = Int(11_025 / tempo)
    var samples = samples
    for start in stride(from: 0, to: samples.count, by: noteLength) {
      let note = Double((seed * 7 + UInt64(start / noteLength) * 5) % 12)
      let pitch = 65 * pow(2, (note + transposition) / 12)
      for index in start..<min(start + noteLength, samples.count) {
        let edge = min(1, Double(index - start) / 110, Double(start + noteLength - index) / 110)
        samples[index] += Float(0.05 * edge * sin(2 * .pi * pitch * Double(index - start) / 22_050))
      }
    }
    return samples
  }
}
