import AudioFeatures
import Foundation
import Testing

@Suite struct LogMelExtractorTests {
  /// Sizes that fill whole vectors, and sizes that leave remainders everywhere; 2 × 17 has no fast transform. The small
  /// ones have more bands than bins, so that some bands are empty.
  @Test(arguments: [16, 18, 34, 100, 250, 512, 2048], KernelChoice.allCases)
  func everyKernelAgreesWithThePlainReference(fftSize: Int, kernels: KernelChoice) throws {
    let configuration = try LogMelConfiguration(
      sampleRate: 8000, fftSize: fftSize, hopLength: max(7, fftSize / 3), melBandCount: 61)
    let samples = TestSignal.sweepInNoise.samples(count: 4 * fftSize, sampleRate: 8000)
    let spectrogram = try LogMelExtractor(configuration: configuration, kernels: kernels).spectrogram(of: samples)
    let expected = try ReferenceLogMel.decibels(of: samples, configuration)
    #expect(spectrogram.decibels.count == expected.count)
    #expect(differences(spectrogram.decibels, expected.map { Float($0) }).greatest <= 1e-3)
  }

  /// The logarithm over all magnitudes: a click of amplitude a in a frame has the power a² in each bin.
  @Test(arguments: KernelChoice.allCases)
  func decibelsAreExactOverTheWholeRange(kernels: KernelChoice) throws {
    let configuration = try LogMelConfiguration(sampleRate: 8000, fftSize: 64, hopLength: 64, melBandCount: 4)
    let extractor = try LogMelExtractor(configuration: configuration, kernels: kernels)
    for exponent in stride(from: -4.5, through: 18, by: 0.37) {
      let amplitude = Float(pow(10, exponent))
      let samples = [amplitude] + [Float](repeating: 0, count: 63)
      let expected = try ReferenceLogMel.decibels(of: samples, configuration)
      let decibels = extractor.spectrogram(of: samples).decibels
      #expect(differences(decibels, expected.map { Float($0) }).greatest <= 4e-5, "amplitude \(amplitude)")
    }
  }

  @Test(arguments: [0, 1, 1023, 1024, 2047, 2048, 2049, 22_050])
  func thereIsAFrameAtEveryHop(sampleCount: Int) throws {
    let extractor = try LogMelExtractor()
    let spectrogram = extractor.spectrogram(of: [Float](repeating: 0.1, count: sampleCount))
    #expect(spectrogram.frameCount == 1 + sampleCount / 512)
    #expect(spectrogram.frameCount == extractor.configuration.frameCount(ofSampleCount: sampleCount))
    #expect(spectrogram.melBandCount == 128)
    #expect(spectrogram.decibels.count == spectrogram.frameCount * 128)
  }

  @Test func silenceIsTheLeastPowerEverywhere() throws {
    let spectrogram = try LogMelExtractor().spectrogram(of: [Float](repeating: 0, count: 5000))
    #expect(spectrogram.decibels.allSatisfy { $0 == -100 })
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
  func anySampleMakesFiniteDecibels(sample: Float) throws {
    for kernels in KernelChoice.allCases {
      let extractor = try LogMelExtractor(configuration: LogMelConfiguration(), kernels: kernels)
      var samples = TestSignal.noise.samples(count: 10_000, sampleRate: 22_050)
      let undisturbed = extractor.spectrogram(of: samples)
      samples[5000] = sample
      let spectrogram = extractor.spectrogram(of: samples)
      #expect(spectrogram.decibels.allSatisfy { $0.isFinite })
      // Frames out of its reach are unaffected, now and in the next song.
      #expect(spectrogram.decibels.prefix(3 * 128) == undisturbed.decibels.prefix(3 * 128))
      #expect(extractor.spectrogram(of: TestSignal.noise.samples(count: 10_000, sampleRate: 22_050)) == undisturbed)
    }
  }

  /// A hop longer than the frame leaves gaps, and the last frame may lie wholly past the samples' end.
  @Test func hopsLongerThanTheFrame() throws {
    let configuration = try LogMelConfiguration(fftSize: 256, hopLength: 1000, melBandCount: 20)
    let spectrogram = try LogMelExtractor(configuration: configuration)
      .spectrogram(of: [Float](repeating: 0.5, count: 3000))
    #expect(spectrogram.frameCount == 4)
    #expect(spectrogram.decibels.suffix(20).contains { $0 > -100 })
    let aligned = try LogMelExtractor(configuration: configuration)
      .spectrogram(of: [Float](repeating: 0.5, count: 500))
    #expect(aligned.frameCount == 1)
  }

  @Test func bufferAndArrayGiveTheSame() throws {
    let samples = TestSignal.sweep.samples(count: 9000, sampleRate: 22_050)
    let extractor = try LogMelExtractor()
    let fromBuffer = samples.withUnsafeBufferPointer { extractor.spectrogram(of: $0) }
    #expect(fromBuffer == extractor.spectrogram(of: samples))
  }

  /// Decoding only the samples under an excerpt gives the same frames as in the whole song.
  @Test(arguments: [512, 1024])
  func partOfASongHasTheSongsFrames(hopLength: Int) throws {
    let configuration = try LogMelConfiguration(hopLength: hopLength)
    let extractor = try LogMelExtractor(configuration: configuration)
    let song = TestSignal.sweep.samples(count: 60_000, sampleRate: 22_050)
    let part = song[7 * hopLength..<7 * hopLength + configuration.sampleCount(ofFrameCount: 10)]
    let expected = extractor.spectrogram(of: song).excerpt(startingAt: 7 + 1024 / hopLength, frameCount: 10)
    #expect(extractor.spectrogram(of: Array(part)).middleExcerpt(frameCount: 10) == expected)
  }
}
