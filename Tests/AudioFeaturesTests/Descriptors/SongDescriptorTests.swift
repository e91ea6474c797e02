import AudioFeatures
import Foundation
import Testing

@Suite struct SongDescriptorTests {
  private static func samples(_ signal: TestSignal = .sweepInNoise, count: Int = 150_000) -> [Float] {
    signal.samples(count: count, sampleRate: SongDescriptorExtractor.sampleRate)
  }

  @Test func thePartsFillTheDescriptor() throws {
    #expect(DescriptorPart.allCases.map(\.count) == [32, 903, 160, 224, 384])
    #expect(SongDescriptor.count == 1703)
    var end = 0
    for part in DescriptorPart.allCases {
      #expect(part.range.lowerBound == end)
      #expect(part.range.count == part.count)
      end = part.range.upperBound
    }
    #expect(end == SongDescriptor.count)
    let descriptor = try SongDescriptorExtractor().descriptor(of: Self.samples(count: 30_000))
    #expect(DescriptorPart.allCases.flatMap { descriptor[$0] } == descriptor.values)
  }

  /// Except for power below 1e-10, the floor of the decibels.
  @Test(arguments: [Float(0.5), 0.7, 1.7, 8], [TestSignal.sweepInNoise, .clicks, .silenceThenNoise])
  func loudnessDoesNotCount(gain: Float, signal: TestSignal) throws {
    let extractor = try SongDescriptorExtractor()
    let samples = Self.samples(signal)
    let louder = extractor.descriptor(of: samples.map { gain * $0 })
    #expect(differences(louder.values, extractor.descriptor(of: samples).values).greatest <= 2e-3)
  }

  /// Nothing varies: the covariance is the ridge of 1, whose logarithm is 0.
  @Test(arguments: [0, 1, 1024, 50_000])
  func silenceHasNoCovariance(sampleCount: Int) throws {
    let descriptor = try SongDescriptorExtractor().descriptor(of: [Float](repeating: 0, count: sampleCount))
    for part in DescriptorPart.allCases { #expect(descriptor[part].allSatisfy { abs($0) < 1e-6 }, "\(part)") }
  }

  @Test(arguments: [0, 1, 2, 1023, 1024, 2048, 5 * 1024, 12 * 1024, 13 * 1024, 255 * 1024, 256 * 1024, 320 * 1024])
  func anyLengthMakesFiniteValues(sampleCount: Int) throws {
    let descriptor = try SongDescriptorExtractor().descriptor(of: Self.samples(.noise, count: sampleCount))
    #expect(descriptor.values.count == SongDescriptor.count)
    #expect(descriptor.values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
  func anySampleMakesFiniteValues(sample: Float) throws {
    for kernels in KernelChoice.allCases {
      let extractor = try SongDescriptorExtractor(kernels: kernels)
      let undisturbed = extractor.descriptor(of: Self.samples())
      var samples = Self.samples()
      samples[70_000] = sample
      #expect(extractor.descriptor(of: samples).values.allSatisfy { $0.isFinite })
      #expect(extractor.descriptor(of: [Float](repeating: sample, count: 40_000)).values.allSatisfy { $0.isFinite })
      // The next song must not depend on this one.
      #expect(extractor.descriptor(of: Self.samples()) == undisturbed)
    }
  }

  @Test func theSameEveryTimeAndFromABuffer() throws {
    let samples = Self.samples()
    let first = try SongDescriptorExtractor().descriptor(of: samples)
    let extractor = try SongDescriptorExtractor()
    _ = extractor.descriptor(of: Self.samples(.clicks, count: 90_000))
    #expect(extractor.descriptor(of: samples) == first)
    #expect(samples.withUnsafeBufferPointer { extractor.descriptor(of: $0) } == first)
  }

  /// Clicks twice as fast move the strongest range of the fluctuation pattern up by an octave: 24 ranges over log2(25).
  @Test func fasterPulsesMoveTheFluctuationUp() throws {
    func strongest(period: Int) throws -> Int {
      let samples = (0..<22_050 * 15).map { index -> Float in index % period < 200 ? 0.5 : 0.001 }
      let pattern = try SongDescriptorExtractor().descriptor(of: samples)[.fluctuationPattern].prefix(24)
      return try #require(pattern.indices.max { pattern[$0] < pattern[$1] }) - pattern.startIndex
    }
    let shift = try strongest(period: 22_050 / 4) - strongest(period: 22_050 / 2)
    #expect(abs(Double(shift) - 24 / log2(25)) <= 1)
  }
}
