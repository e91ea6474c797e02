import Testing

import Tags

@Suite struct SpellingTests {
  private let names = ["Björk", "Nick Drake", "Nick Cave", "Miles Davis", "The Beatles", "U2", "Nico"]

  @Test(arguments: [
    ("bjork", ["Björk"]), ("bjrok", ["Björk"]), ("nick darke", ["Nick Drake"]), ("milesdavis", ["Miles Davis"]),
    ("beatles", ["The Beatles"]), ("nick", ["Nico", "Nick Drake", "Nick Cave"]), ("u3", ["U2"]), ("zappa", []),
    ("", []), ("miles davies quintet", []),
  ])
  func slipsAndParts(typed: String, near: [String]) {
    #expect(Spelling.near(typed, among: names) == near)
  }

  @Test func noMoreThanAreAskedFor() {
    #expect(Spelling.near("song", among: (0..<9).map { "Song \($0)" }, count: 2) == ["Song 0", "Song 1"])
  }

  @Test(arguments: [("abcd", "abdc", 1), ("abcd", "abcd", 0), ("abcd", "xbcde", 2), ("", "ab", 2), ("ab", "ba", 1)])
  func slipsAreCounted(one: String, other: String, slips: Int) {
    let (one, other) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
    #expect(Spelling.slips(from: one, to: other, atMost: 4) == slips)
    #expect(Spelling.slips(from: other, to: one, atMost: slips) == slips)
    #expect(slips == 0 || Spelling.slips(from: one, to: other, atMost: slips - 1) == nil)
  }
}
