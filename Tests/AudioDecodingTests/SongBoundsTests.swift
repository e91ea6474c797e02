import AudioDecoding
import Foundation
import Tags
import Testing

/// A song that is a part of a file is heard as if it were a file of its own.
@Suite struct SongBoundsTests {
  private let folder: TemporaryFolder
  /// Twelve seconds.
  private static let channels = Signal.music(seconds: 12, sampleRate: 44_100, channelCount: 2)

  init() throws { folder = try TemporaryFolder() }

  private func write(_ channels: [[Float]], _ name: String, _ format: AudioFileFormat) throws -> String {
    try AudioEncoder.write(channels, sampleRate: 44_100, to: folder.file(name), format: format)
    return folder.file(name)
  }

  private static let songs = [
    SongBounds(start: 0, end: 4), SongBounds(start: 4, end: Double(9 * 75 + 30) / 75), SongBounds(start: 9.4),
  ]

  @Test(arguments: AudioFileFormat.allCases.filter(\.isLossless), songs) func anExcerptIsTheSongs(
    format: AudioFileFormat, song: SongBounds
  ) throws {
    let album = try write(Self.channels, "album", format)
    let range = Int((song.start * 44_100).rounded())..<Int(((song.end ?? 12) * 44_100).rounded())
    let single = try write(Self.channels.map { Array($0[range]) }, "song", format)
    let length = Double(range.count) / 44_100
    let excerpts: [Excerpt] = [
      .whole, .middle(seconds: 2), .middle(seconds: 60), .range(start: 0.5, seconds: .infinity),
    ]
    for excerpt in excerpts {
      let part = try AudioDecoder.decode(file: album, excerpt: excerpt, of: song)
      #expect(try part.samples == AudioDecoder.decode(file: single, excerpt: excerpt).samples)
      #expect(abs(try #require(part.info.duration) - length) < 1e-6)
    }
    // Away from its beginning, also at another rate.
    let part = try AudioDecoder.decode(file: album, excerpt: .middle(seconds: 2), sampleRate: 22_050, of: song)
    let alone = try AudioDecoder.decode(file: single, excerpt: .middle(seconds: 2), sampleRate: 22_050)
    #expect(Signal.largestDifference(part.samples, alone.samples) <= 1e-6)
  }

  @Test func songsOfUnevenTimesAreCutToTheSample() throws {
    let album = try write(Self.channels, "album", .flac)
    for frames in [1, 7, 74, 75, 100, 333] {
      let song = SongBounds(start: Double(frames) / 75, end: Double(frames + 31) / 75)
      let samples = try AudioDecoder.decode(file: album, of: song).samples
      let whole = try decoded(album)
      #expect(samples == Array(whole[frames * 588..<(frames + 31) * 588]))
    }
  }

  private func decoded(_ path: String) throws -> [Float] { try AudioDecoder.decode(file: path).samples }

  @Test func whatLiesBehindTheEndHasNoSamples() throws {
    let album = try write(Self.channels, "album", .flac)
    #expect(try AudioDecoder.decode(file: album, of: SongBounds(start: 12)).samples.isEmpty)
    #expect(try AudioDecoder.decode(file: album, of: SongBounds(start: 50, end: 60)).samples.isEmpty)
    // The sheet may promise more than there is.
    #expect(try AudioDecoder.decode(file: album, of: SongBounds(start: 11, end: 60)).samples.count == 44_100)
  }

  @Test(arguments: AudioFileFormat.allCases) func eachSongHasADigestOfItsOwn(format: AudioFileFormat) throws {
    let path = try write(Self.channels, "album", format)
    var digests = Set([try AudioDecoder.soundDigest(ofFile: path).digest])
    for song in Self.songs + [
      SongBounds(start: 0, end: 4.5), SongBounds(start: 4, end: 9), SongBounds(start: 4, end: 5),
    ] {
      let read = try AudioDecoder.soundDigest(ofFile: path, of: song).digest
      #expect(read != nil && digests.insert(read).inserted)
      // On the way of decoding it is the same, or left for later.
      let heard = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 30), of: song).soundDigest
      #expect(heard == read || heard == nil)
    }
  }

  @Test func timesOfSongs() {
    #expect(SongBounds(start: 3, end: 5).duration(inFileOf: 10) == 2)
    #expect(SongBounds(start: 3, end: 5).duration(inFileOf: 4) == 1)
    #expect(SongBounds(start: 3).duration(inFileOf: 10) == 7)
    #expect(SongBounds(start: 3).duration(inFileOf: nil) == nil)
    #expect(SongBounds(start: 3).duration(inFileOf: 2) == 0)
  }
}
