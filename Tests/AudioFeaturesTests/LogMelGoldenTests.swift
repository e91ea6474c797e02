import AudioFeatures
import Testing

/// Log-mel compared with librosa 0.11 on the same samples.
@Suite struct LogMelGoldenTests {
  @Test(arguments: try Goldens.load().logMel)
  func agreesWithLibrosa(golden: Goldens.LogMelCase) throws {
    let samples = golden.signal.samples(count: golden.sampleCount, sampleRate: golden.sampleRate)
    let configuration = try LogMelConfiguration(
      sampleRate: golden.sampleRate, fftSize: golden.fftSize, hopLength: golden.hopLength,
      melBandCount: golden.melBandCount)
    let spectrogram = try LogMelExtractor(configuration: configuration).spectrogram(of: samples)
    #expect(spectrogram.frameCount == golden.frameCount)
    #expect(spectrogram.melBandCount == golden.melBandCount)

    let excerpt = spectrogram.excerpt(startingAt: 0, frameCount: golden.frameCount)
    let expected = try Goldens.array("logmel").values[golden.offset...].prefix(excerpt.decibels.count)
    let (greatest, mean) = differences(excerpt.decibels, expected)
    #expect(expected.count == golden.frameCount * golden.melBandCount)
    #expect(greatest <= 0.01)
    #expect(mean <= 0.001)
  }

  @Test(arguments: [MelScale.slaney, .htk])
  func melFiltersAreLibrosas(scale: MelScale) throws {
    let bank = try MelFilterBank(
      sampleRate: 16_000, fftSize: 512, bandCount: 40, minimumFrequency: 50, maximumFrequency: 7000, scale: scale)
    let expected = try Goldens.array("mel-\(scale)")
    #expect(expected.shape == [bank.bands.count, bank.binCount])

    var dense = [Float](repeating: 0, count: bank.bands.count * bank.binCount)
    for (index, band) in bank.bands.enumerated() {
      for (offset, weight) in band.weights.enumerated() {
        dense[index * bank.binCount + band.firstBin + offset] = weight
      }
    }
    #expect(differences(dense, expected.values).greatest <= 1e-8)
  }
}
