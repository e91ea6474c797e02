import AudioDecoding
import AudioFeatures
import Foundation
import Testing

/// Log-mel and MFCC of real music compared with librosa 0.11, on the samples that FFmpeg decodes.
@Suite struct RealClipTests {
  /// Beside the package's root; never part of it.
  private static let music = Goldens.folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/data")

  private static let isThere = FileManager.default.fileExists(atPath: music.path)

  @Test(
    .enabled(if: isThere, "The real music, ../shared/data beside the package, is not here."),
    arguments: try Goldens.load().clips)
  func agreesWithLibrosa(golden: Goldens.ClipCase) throws {
    let decoded = try AudioDecoder.decode(file: Self.music.appending(path: golden.file).path)
    #expect(decoded.sampleRate == golden.sampleRate)
    let samples = Array(decoded.samples.prefix(golden.sampleCount))
    try #require(samples.count == golden.sampleCount)

    // As Tests/Goldens/features.py has it.
    let configuration = try LogMelConfiguration(sampleRate: golden.sampleRate, hopLength: 1024)
    let spectrogram = try LogMelExtractor(configuration: configuration).spectrogram(of: samples)
    let excerpt = spectrogram.excerpt(startingAt: 0, frameCount: golden.frameCount)
    let expected = try Goldens.array("logmel").values[golden.offset...].prefix(excerpt.decibels.count)
    let (greatest, mean) = differences(excerpt.decibels, expected)
    #expect(spectrogram.frameCount == golden.frameCount)
    #expect(greatest <= 0.01)
    #expect(mean <= 0.001)

    let statistics = try MFCCExtractor().statistics(of: samples, sampleRate: golden.sampleRate)
    try expectClose(statistics, Goldens.array("statistics").values[golden.statisticsOffset...].prefix(140))
  }
}
