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
    for part in DescriptorPart.allCases {
      let wanted = expected.values[(index * SongDescriptor.count)...].prefix(SongDescriptor.count)
      let (greatest, mean) = differences(
        descriptor[part], wanted.dropFirst(part.range.lowerBound).prefix(part.count))
      #expect(greatest <= 5e-4, "\(part) of \(golden)")
      #expect(mean <= 2e-5, "\(part) of \(golden)")
    }
  }
}
