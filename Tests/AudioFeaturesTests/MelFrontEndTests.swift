import AudioFeatures
import Testing

@Suite struct MelFrontEndTests {
  private static let music = (0..<22_050).map { index -> Float in
    let time = Double(index) / 22_050
    return Float(0.3 * sinValue(440 * time) + 0.2 * sinValue((1000 + 900 * time) * time))
  }

  private static func sinValue(_ turns: Double) -> Double {
    // A triangle: all harmonics, and no library.
    4 * abs(turns - turns.rounded()) - 1
  }

  /// As the log-mels that were compared with librosa, if all is as there.
  @Test func itMakesTheLogMelsOfLibrosa() throws {
    var frontEnd = MelFrontEnd()
    (frontEnd.sampleRate, frontEnd.fftSize, frontEnd.windowLength, frontEnd.hopLength) = (22_050, 2048, 2048, 512)
    (frontEnd.melBandCount, frontEnd.maximumFrequency) = (128, 11_025)
    let values = try MelFrontEndExtractor(frontEnd).spectrogram(of: Self.music)
    let expected = try LogMelExtractor().spectrogram(of: Self.music)
    #expect(values.count == expected.decibels.count)
    for (one, other) in zip(values, expected.decibels) { #expect(abs(one - other) < 1e-3) }
  }

  @Test(arguments: [
    (MelFrontEnd.Framing.zeros, 22_050, 44), (.reflection, 22_050, 44), (.inside, 22_050, 40), (.inside, 2047, 0),
    (.inside, 2048, 1), (.zeros, 0, 1), (.reflection, 0, 1), (.reflection, 1, 1), (.reflection, 3, 1),
  ])
  func framesAreCounted(framing: MelFrontEnd.Framing, samples: Int, count: Int) throws {
    var frontEnd = MelFrontEnd()
    (frontEnd.fftSize, frontEnd.windowLength, frontEnd.hopLength, frontEnd.framing) = (2048, 2048, 512, framing)
    #expect(frontEnd.frameCount(ofSampleCount: samples) == count)
    let values = try MelFrontEndExtractor(frontEnd).spectrogram(of: Array(Self.music.prefix(samples)))
    #expect(values.count == count * 96 && values.allSatisfy(\.isFinite))
  }

  /// Away from the ends it does not matter what is beyond them, and a frame that begins inside is one around its middle.
  @Test func framesLieWhereTheyShould() throws {
    var frontEnd = MelFrontEnd()
    (frontEnd.fftSize, frontEnd.windowLength, frontEnd.hopLength) = (512, 400, 200)
    func spectrogram(_ framing: MelFrontEnd.Framing) throws -> [Float] {
      frontEnd.framing = framing
      return try MelFrontEndExtractor(frontEnd).spectrogram(of: Self.music)
    }
    let (zeros, reflected, inside) = (try spectrogram(.zeros), try spectrogram(.reflection), try spectrogram(.inside))
    #expect(zeros[96 * 5..<96 * 50] == reflected[96 * 5..<96 * 50] && zeros[..<96] != reflected[..<96])
    // The window around sample 200 k covers the 400 samples from 200 (k - 1) on.
    for place in 0..<96 * 50 { #expect(abs(zeros[96 + place] - inside[place]) < 1e-3) }
  }

  @Test func valuesAreScaledAsDescribed() throws {
    var frontEnd = MelFrontEnd()
    (frontEnd.compression, frontEnd.floor) = (.none, 0)
    func values(_ change: (inout MelFrontEnd) -> Void) throws -> [Float] {
      var frontEnd = frontEnd
      change(&frontEnd)
      return try MelFrontEndExtractor(frontEnd).spectrogram(of: Self.music)
    }
    let plain = try values { _ in }
    let scaled = try values { ($0.gain, $0.offset, $0.mean, $0.deviation) = (10, 2, 1, 4) }
    for (one, other) in zip(plain, scaled) { #expect(abs((10 * one + 1) / 4 - other) <= 1e-5 * max(1, other)) }
    let half = try values { $0.roundsToHalf = true }
    for (one, other) in zip(plain, half) where one > 1e-4 {
      #expect(abs(one - other) <= one / 2048)
      // Eleven bits are left.
      #expect((other.significandBitPattern & 0x1FFF) == 0)
    }
    #expect(plain != half)
    let magnitudes = try values { ($0.spectrum, $0.norm) = (.magnitude, .peak) }
    #expect(magnitudes != plain && magnitudes.allSatisfy { $0 >= 0 })
  }

  @Test func impossibleOnesAreRefused() {
    func fault(_ change: (inout MelFrontEnd) -> Void) -> String {
      var frontEnd = MelFrontEnd()
      change(&frontEnd)
      do {
        try frontEnd.check()
        return ""
      } catch {
        return error.description
      }
    }
    #expect(fault { _ in }.isEmpty)
    #expect(fault { $0.windowLength = 513 }.contains("windowLength is 513"))
    #expect(fault { $0.deviation = 0 }.contains("deviation"))
    #expect(fault { $0.gain = .nan }.contains("gain"))
    #expect(fault { $0.floor = 0 }.contains("floor"))
    #expect(fault { ($0.floor, $0.offset) = (0, 1) }.isEmpty)
    #expect(fault { $0.maximumFrequency = 9000 }.contains("maximumFrequency"))
    #expect(fault { $0.fftSize = 511 }.contains("fftSize"))
  }
}
