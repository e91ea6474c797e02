import AudioFeatures
import Testing

@Suite struct SearchVectorTests {
  private static func length(_ values: some Sequence<Float>) -> Float {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  @Test func partsHaveTheirWeights() {
    let values = TestSignal.noise.samples(count: SongDescriptor.count, sampleRate: 22_050)
    let vector = SongDescriptor.searchVector(ofStandardised: values)
    #expect(vector.count == SongDescriptor.count)
    #expect(abs(Self.length(vector.prefix(935)) - 1) < 1e-5)
    for part in [DescriptorPart.spectralPattern, .deltaSpectralPattern, .fluctuationPattern] {
      #expect(abs(Self.length(vector[part.range]) - 0.2) < 1e-5)
    }
    // The means are multiplied by 1.5, the covariance is not.
    #expect(abs(vector[3] / vector[40] - 1.5 * values[3] / values[40]) < 1e-3)
  }

  @Test func extremesCountAsTwo() {
    var values = [Float](repeating: 1, count: SongDescriptor.count)
    values[100] = 50
    values[101] = -50
    let vector = SongDescriptor.searchVector(ofStandardised: values)
    #expect(abs(vector[100] - 2 * vector[99]) < 1e-6)
    #expect(vector[101] == -vector[100])
  }

  @Test func theAverageSongHasNoDirection() {
    let zeros = [Float](repeating: 0, count: SongDescriptor.count)
    #expect(SongDescriptor.searchVector(ofStandardised: zeros) == zeros)
  }
}
