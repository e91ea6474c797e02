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
