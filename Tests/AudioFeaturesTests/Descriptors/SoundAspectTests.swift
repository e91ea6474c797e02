import AudioFeatures
import Foundation
import Testing

@Suite struct SoundAspectTests {
  private func vector(_ seed: Int) -> [Float] {
    let values = (0..<SongDescriptor.count).map { Float(($0 * (2 * seed + 7919) + seed * 131) % 1009) / 500 - 1 }
    return SongDescriptor.searchVector(ofStandardised: values)
  }

  private func product(_ one: some Sequence<Float>, _ other: some Sequence<Float>) -> Double {
    zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  @Test func aspectsAreAllOfADescriptor() {
    #expect(SoundAspect.ofDescriptor.flatMap { Array($0.range) } == Array(0..<SongDescriptor.count))
    #expect(SoundAspect.ofDescriptor.flatMap(\.parts) == DescriptorPart.allCases)
    for aspect in SoundAspect.ofDescriptor {
      #expect(aspect.range.count == aspect.parts.reduce(0) { $0 + $1.count })
      let part = vector(3)[aspect.range]
      #expect(abs(product(part, part) - Double(aspect.standardWeight)) < 1e-5)
    }
    #expect(SoundAspect.allCases == SoundAspect.ofDescriptor + [.character])
    #expect(SoundAspect.character.range.isEmpty && SoundAspect.character.standardWeight == 0)
  }

  @Test func weightsThatSayNothingAreNone() throws {
    #expect(SoundWeights([:])?.named == [])
    #expect(SoundWeights([.timbre: 2])?.named == [.timbre] && SoundWeights([.timbre: 2])?[.timbre] == 2)
    #expect(SoundWeights([.timbre: 0, .spectrum: 0, .rhythm: 0, .character: 0]) == nil)
    #expect(SoundWeights([.timbre: -1]) == nil && SoundWeights([.rhythm: .nan]) == nil)
    #expect(SoundWeights([.rhythm: .infinity]) == nil && SoundWeights([.timbre: 0])?[.timbre] == 0)
    // As versions without the character stored them: all that there were.
    let stored = Data(#"{"timbre":1,"spectrum":0.5,"rhythm":0}"#.utf8)
    let read = try JSONDecoder().decode(SoundWeights.self, from: stored)
    #expect(read == SoundWeights([.timbre: 1, .spectrum: 0.5, .rhythm: 0]) && read[.character] == nil)
  }
}
