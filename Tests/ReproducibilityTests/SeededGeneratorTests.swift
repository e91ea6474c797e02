import Foundation
import Reproducibility
import Testing

@Suite struct SeededGeneratorTests {
  @Test("A stored generator goes on with the numbers that it would have drawn")
  func storing() throws {
    var generator = SeededGenerator(seed: 42)
    for _ in 0..<5 { _ = generator.next() }
    var stored = try JSONDecoder().decode(SeededGenerator.self, from: JSONEncoder().encode(generator))
    #expect((0..<5).map { _ in stored.next() } == (0..<5).map { _ in generator.next() })
  }

  @Test(
    "A state that is no state is an error",
    arguments: [#"{"state":[]}"#, #"{"state":[1,2,3]}"#, #"{"state":[1,2,3,4,5]}"#, #"{"state":[0,0,0,0]}"#, "{}"])
  func malformed(json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(SeededGenerator.self, from: Data(json.utf8)) }
  }

  @Test("Normal numbers have mean 0 and variance 1")
  func moments() {
    var generator = SeededGenerator(seed: 3)
    let values = (0..<20_000).map { _ in generator.normal() }
    #expect(abs(values.reduce(0, +) / 20_000) < 0.03)
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 20_000 - 1) < 0.05)
  }
}
