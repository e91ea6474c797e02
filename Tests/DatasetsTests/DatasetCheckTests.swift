import AudioDecoding
import Datasets
import Foundation
import Reproducibility
import TestSupport
import Testing

@Suite struct DatasetCheckTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A tune of random notes with some noise: like music it does not repeat.
  private func tune(_ seed: UInt64, seconds: Double = 12) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    let rate = 22_050.0
    var (samples, pitches) = ([Float](), [0.0, 0.0, 0.0])
    for index in 0..<Int(seconds * rate) {
      if index % 5512 == 0 {
        pitches = pitches.map { _ in 200 * pow(2, 3.5 * generator.uniform()) }
      }
      let time = Double(index) / rate
      let tone = pitches.reduce(0) { $0 + sin(2 * .pi * $1 * time) + 0.4 * sin(6 * .pi * $1 * time) }
      samples.append(Float(0.1 * tone + 0.03 * generator.normal()))
    }
    return samples
  }

  private func write(
    _ samples: [Float], to name: String, rate: Int = 22_050, bitRate: Int? = nil, tags: AudioTags = AudioTags()
  ) throws {
    let format = try #require(AudioFileFormat(rawValue: (name as NSString).pathExtension))
    try AudioEncoder.write([samples], sampleRate: rate, tags: tags, to: folder(name), format: format, bitRate: bitRate)
  }

  private func check(
    _ manifests: [[String]], shortest: Double = 1, apart: GroupingKey? = nil
  ) throws -> DatasetFindings {
    let parts = manifests.enumerated().map { index, lines in
      let songs = lines.map { line in
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        var song = Manifest.Song(path: cells[0])
        if cells.count > 1 { song.className = cells[1] }
        if cells.count > 2 { song.artist = cells[2] }
        if cells.count > 3 { song.album = cells[3] }
        return song
      }
      return ("part \(index)", Manifest(songs: songs, folder: folder.url))
    }
    return try #require(try DatasetCheck(excerptSeconds: 30, shortest: shortest, apart: apart, threads: 2).run(parts))
  }

  private func names(_ pair: DatasetFindings.Duplicate) -> [String] {
    [pair.first, pair.second].map { ($0.path as NSString).lastPathComponent }
  }

  @Test func filesThatAreNoSongs() throws {
    try write(tune(1), to: "good.flac")
    try write(tune(2, seconds: 0.6), to: "short.wav")
    try write([Float](repeating: 0, count: 60_000), to: "silent.wav")
    try write((0..<60_000).map { $0 % 2 == 0 ? 0.0005 : -0.0005 }, to: "whisper.wav")
    // A hidden song after half a minute of nothing; the network hears the middle.
    let nothing = [Float](repeating: 0, count: 40 * 22_050)
    try write(tune(3, seconds: 3) + nothing + tune(4, seconds: 3), to: "hidden.flac")
    try folder.write("no music at all", to: "text.mp3")
    let broken = try Data(contentsOf: URL(filePath: folder("good.flac")))
    try broken.prefix(broken.count / 3).write(to: URL(filePath: folder("cut.flac")))
    let findings = try check([
      ["good.flac", "short.wav", "silent.wav", "whisper.wav", "hidden.flac", "text.mp3", "cut.flac", "gone.mp3"]
    ])
    let found = findings.files.map { [($0.path as NSString).lastPathComponent, $0.problem.rawValue] }
    #expect(
      found == [
        ["short.wav", "short"], ["silent.wav", "silent"], ["whisper.wav", "silent"], ["hidden.flac", "silentMiddle"],
        ["text.mp3", "undecodable"], ["cut.flac", "undecodable"], ["gone.mp3", "missing"],
      ])
    #expect(findings.duplicates.isEmpty && findings.problemCount == 7)
  }

  @Test func songsThatAreHeardAllTheSame() throws {
    let song = tune(1, seconds: 31)
    try AudioEncoder.write([song, song.map { -$0 }], sampleRate: 22_050, to: folder("opposite.flac"), format: .flac)
    try write(tune(2, seconds: 40), to: "whole.wav")
    let bytes = try Data(contentsOf: URL(filePath: folder("whole.wav")))
    try bytes.prefix(bytes.count * 8 / 10).write(to: URL(filePath: folder("off.wav")))
    let findings = try check([["opposite.flac", "off.wav"]])
    #expect(findings.files.map(\.problem) == [.cancelling, .truncated])
    #expect(findings.files[0].detail == "its channels cancel each other; only channel 1 was heard")
    #expect(findings.files[1].detail == "it ends after 0:32 of 0:40; what is there was heard")
  }

  @Test func exactDuplicates() throws {
    let song = tune(1)
    try write(song, to: "a.wav")
    try write(song, to: "b.flac", tags: AudioTags(title: "Other tags"))
    try FileManager.default.copyItem(atPath: folder("a.wav"), toPath: folder("c.wav"))
    try write(tune(2), to: "d.wav")
    let findings = try check([["a.wav|x", "b.flac|x", "c.wav|y", "d.wav|y"]])
    #expect(findings.duplicates.map(names) == [["a.wav", "b.flac"], ["a.wav", "c.wav"]])
    #expect(findings.duplicates.map(\.likeness) == [.samples, .bytes])
    #expect(findings.duplicates.map(\.contradicts) == [false, true])
    #expect(findings.duplicates.allSatisfy { $0.similarity == 1 && $0.offset == 0 && !$0.straddles })
  }

  @Test(arguments: [
    ("mp3", 32_000, 0.0, 1.0), ("mp3", 64_000, 0.37, 0.25), ("ogg", 64_000, 0, 1), ("m4a", 48_000, 2.2, 0.5),
    ("opus", 32_000, 0, 1), ("flac", 0, 3.111, 0.7),
  ])
  func theSameSoundIsFoundInAnotherEncoding(format: String, bitRate: Int, cut: Double, gain: Float) throws {
    let song = tune(1)
    try write(song, to: "original.flac")
    try write(
      song.dropFirst(Int(cut * 22_050)).map { $0 * gain }, to: "other.\(format)", bitRate: bitRate == 0 ? nil : bitRate)
    for seed in 2...5 { try write(tune(UInt64(seed)), to: "\(seed).flac") }
    let findings = try check([["2.flac", "3.flac", "original.flac", "4.flac", "other.\(format)", "5.flac"]])
    #expect(findings.duplicates.map(names) == [["original.flac", "other.\(format)"]])
    let pair = try #require(findings.duplicates.first)
    #expect(pair.likeness == .sound && pair.similarity > 0.55 && pair.similarity <= 1)
    // Encoders add some tens of milliseconds of their own.
    #expect(abs(pair.offset - cut) < 0.15, "\(pair.offset)")
  }

  @Test func songsOfOneKindAreNoDuplicates() throws {
    let paths = try TestSong.writeCollection(kinds: 3, variants: 3, in: folder.path)
    let tunes = try (1...12).map { seed in
      try write(tune(UInt64(seed), seconds: 6), to: "\(seed).flac")
      return folder("\(seed).flac")
    }
    #expect(try check([paths + tunes], shortest: 0).duplicates.isEmpty)
  }

  @Test func manyCopiesAreFoundOnce() throws {
    let song = tune(1)
    let names = try (0..<20).map { index in
      try write(song.map { $0 * (0.5 + 0.02 * Float(index)) }, to: "\(index + 10).flac")
      return "\(index + 10).flac"
    }
    let found = Set(try check([names]).duplicates.flatMap(self.names))
    #expect(found.count == 20)
  }

  @Test func partsOfASplit() throws {
    for seed in 1...4 { try write(tune(UInt64(seed), seconds: 4), to: "\(seed).flac") }
    try write(tune(1, seconds: 4), to: "1.mp3", bitRate: 64_000)
    let findings = try check([
      ["1.flac|a|Ann|One", "2.flac|a|Bob|Two", "3.flac|b|Cat|Three"],
      ["1.mp3|a|ann |One", "3.flac|b|Cat|Three", "4.flac|c|Dan|"],
    ])
    #expect(findings.duplicates.map(\.likeness) == [.sound, .path])
    #expect(findings.duplicates.allSatisfy { $0.straddles })
    #expect(findings.shared.map(\.name) == ["One", "Three", "Ann", "Cat"])
    #expect(findings.shared.map(\.label) == [.album, .album, .artist, .artist])
    #expect(
      findings.classes.map(\.name) == ["a", "b", "c"] && findings.classes.map(\.songs) == [[2, 1], [1, 1], [0, 1]])
    #expect(findings.singletonClasses.map(\.name) == ["c"] && findings.problemCount == 3)
    let apart = try check([["2.flac||X|", "3.flac||Y|"], ["4.flac||x|"]], apart: .artist)
    #expect(apart.problemCount == 1 && apart.withoutClass == 3)
    #expect(try check([["2.flac||X|"], ["4.flac||x|"]], apart: .album).problemCount == 0)
  }

  @Test func itCanBeStopped() throws {
    try write(tune(1, seconds: 2), to: "a.wav")
    let part = ("songs", Manifest(songs: [.init(path: "a.wav")], folder: folder.url))
    #expect(try DatasetCheck(excerptSeconds: 30, threads: 1).run([part], shouldStop: { true }) == nil)
  }

  /// Emotify has three songs twice, as their titles say too; none of the others is found.
  @Test(.enabled(if: DatasetCheckTests.emotify != nil, "there is no ../shared/data/emotify here"))
  func realMusicHasTheDuplicatesThatItHas() throws {
    let manifest = try Manifest(contentsOf: try #require(Self.emotify))
    let rock = manifest.selecting(manifest.songs.indices.filter { manifest.songs[$0].path.hasPrefix("rock/") })
    let findings = try #require(try DatasetCheck(excerptSeconds: 30, threads: 2).run([("rock", rock)]))
    #expect(findings.duplicates.map(names) == [["63.mp3", "66.mp3"], ["70.mp3", "76.mp3"]])
  }

  private static let emotify: URL? = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../../shared/data/emotify/labels.csv"
    ).standardizedFileURL
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }()
}
