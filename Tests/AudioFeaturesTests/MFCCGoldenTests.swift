import AudioFeatures
import Testing

/// MFCC and their statistics compared with librosa 0.11 and SciPy on the same samples.
@Suite struct MFCCGoldenTests {
  @Test func coefficientsAgreeWithLibrosa() throws {
    let samples = TestSignal.sweepInNoise.samples(count: 33_075, sampleRate: 22_050)
    let mfcc = try MFCCExtractor().coefficients(of: samples, sampleRate: 22_050)
    let expected = try Goldens.array("mfcc")
    #expect(expected.shape == [mfcc.frameCount, mfcc.coefficientCount])
    #expect(differences(mfcc.values, expected.values).greatest <= 1e-3)
  }

  @Test(arguments: try Goldens.load().statistics)
  func statisticsAgreeWithLibrosa(golden: Goldens.StatisticsCase) throws {
    let samples = golden.signal.samples(count: golden.sampleCount, sampleRate: golden.sampleRate)
    let statistics = try MFCCExtractor().statistics(of: samples, sampleRate: golden.sampleRate)
    #expect(statistics.count == MFCCConfiguration().statisticCount)
    try expectClose(statistics, Goldens.array("statistics").values[golden.offset...].prefix(140))
  }

  /// One extractor for songs of several sample rates.
  @Test func changingTheSampleRateLeavesNothingBehind() throws {
    let samples = TestSignal.sweepInNoise.samples(count: 20_000, sampleRate: 44_100)
    let extractor = MFCCExtractor()
    let first = try extractor.statistics(of: samples, sampleRate: 44_100)
    #expect(try extractor.statistics(of: samples, sampleRate: 22_050) != first)
    #expect(try extractor.statistics(of: samples, sampleRate: 44_100) == first)
  }

  /// Statistics over the frames of all excerpts, in the plainest way: each excerpt's frames as they are alone, since the
  /// quieter one stays above the floor of the louder one.
  @Test func excerptsOfASongAreSummarisedTogether() throws {
    let extractor = MFCCExtractor()
    let noise = TestSignal.noise.samples(count: 50_000, sampleRate: 22_050)
    let excerpts = [Array(noise[..<20_000]), noise[20_000...].map { $0 / 2 }]
    let frames = try excerpts.flatMap { try extractor.coefficients(of: $0, sampleRate: 22_050).values }
    let all = MFCC(frameCount: frames.count / 20, coefficientCount: 20, values: frames)
    let statistics = try extractor.statistics(ofExcerpts: excerpts, sampleRate: 22_050)
    #expect(statistics == all.statistics())
    #expect(
      try extractor.statistics(ofExcerpts: [noise], sampleRate: 22_050)
        == extractor.statistics(of: noise, sampleRate: 22_050))
    // The floor is below the loudest of all: a nearly silent excerpt has none of its own.
    let faint = noise.map { $0 * 1e-6 }
    let joint = try extractor.statistics(ofExcerpts: [noise, faint], sampleRate: 22_050)
    let alone = try extractor.statistics(of: faint, sampleRate: 22_050)
    #expect(joint[5 * 20] > alone[5 * 20] + 100)
  }
}

/// Within 1e-3, relative or absolute, whichever is larger.
func expectClose(
  _ statistics: [Float], _ expected: ArraySlice<Float>, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(statistics.count == expected.count, sourceLocation: sourceLocation)
  for (index, (value, wanted)) in zip(statistics, expected).enumerated() {
    let name = SummaryStatistic.allCases[index / 20]
    #expect(
      abs(value - wanted) <= 1e-3 * max(1, abs(wanted)), "\(name) of coefficient \(index % 20)",
      sourceLocation: sourceLocation)
  }
}
