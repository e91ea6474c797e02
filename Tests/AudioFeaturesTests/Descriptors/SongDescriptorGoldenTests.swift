import AudioFeatures
import Foundation
import Testing

/// Descriptors compared with what `Tests/Goldens/descriptors.py` computes with NumPy in double precision.
@Suite struct SongDescriptorGoldenTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let signal: TestSignal
    let sampleCount: Int

    var testDescription: String { "\(signal), \(sampleCount) samples" }
    var samples: [Float] { signal.samples(count: sampleCount, sampleRate: SongDescriptorExtractor.sampleRate) }
  }

  static let cases = Result {
    try JSONDecoder().decode([Case].self, from: Data(contentsOf: Goldens.folder.appending(path: "descriptors.json")))
  }

  @Test(arguments: try cases.get().indices, KernelChoice.allCases)
  func agreesWithNumPy(index: Int, kernels: KernelChoice) throws {
    let cases = try Self.cases.get()
    let golden = cases[index]
    let expected = try NumPyArray(contentsOf: Goldens.folder.appending(path: "descriptors.npy"))
    #expect(expected.shape == [cases.count, SongDescriptor.count])
    let descriptor = try SongDescriptorExtractor(kernels: kernels).descriptor(of: golden.samples)
    expectClose(descriptor, expected, row: index, "\(golden)")
  }

  /// Excerpts of one song, as the script has them.
  private static let excerpts: [[(TestSignal, Int)]] = [
    [(.sweepInNoise, 400_000)],
    [(.sweepInNoise, 200_000), (.twoTones, 330_750), (.noise, 300_000)],
    [(.clicks, 300_000), (.silenceThenNoise, 350_000), (.noise, 3000), (.silence, 30_000)],
    [(.noise, 1500), (.noise, 66_150)],
  ]

  @Test(arguments: excerpts.indices, KernelChoice.allCases)
  func severalExcerptsAgreeWithNumPy(index: Int, kernels: KernelChoice) throws {
    let expected = try NumPyArray(contentsOf: Goldens.folder.appending(path: "descriptors-excerpts.npy"))
    #expect(expected.shape == [Self.excerpts.count, SongDescriptor.count])
    let samples = Self.excerpts[index].map { signal, count in
      signal.samples(count: count, sampleRate: SongDescriptorExtractor.sampleRate)
    }
    let extractor = try SongDescriptorExtractor(kernels: kernels)
    let descriptor = extractor.descriptor(ofExcerpts: samples)
    expectClose(descriptor, expected, row: index, "excerpts \(index)")
    // To the bit, so that a model of one excerpt stays what it was.
    if samples.count == 1 { #expect(descriptor == extractor.descriptor(of: samples[0])) }
  }

  private func expectClose(_ descriptor: SongDescriptor, _ expected: NumPyArray, row: Int, _ name: String) {
    for part in DescriptorPart.allCases {
      let wanted = expected.values[(row * SongDescriptor.count)...].prefix(SongDescriptor.count)
      let (greatest, mean) = differences(
        descriptor[part], wanted.dropFirst(part.range.lowerBound).prefix(part.count))
      #expect(greatest <= 5e-4, "\(part) of \(name)")
      #expect(mean <= 2e-5, "\(part) of \(name)")
    }
  }
}
