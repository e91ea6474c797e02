import Tags
import Testing

@Suite struct NameKeyTests {
  @Test(arguments: [
    ["The Beatles", "the  beatles ", "THE\u{A0}BEATLES", "The Beat\u{AD}les"],
    ["Bj\u{F6}rk", "Bjo\u{308}rk", "BJ\u{D6}RK"],
    ["Guns N' Roses", "Guns N\u{2019} Roses", "Guns N` Roses", "Guns N\u{B4} Roses", "guns n\u{2BC} roses"],
    ["Jay-Z", "Jay\u{2010}Z", "jay\u{2013}z", "JAY\u{2212}Z"],
    ["12\" Mix", "12\u{2033} Mix"], ["Groß", "GROSS"], ["Οδος", "ΟΔΟΣ", "οδοσ"],
    ["Wait... what", "Wait\u{2026} what"],
    ["ABBA", "\u{FF21}\u{FF22}\u{FF22}\u{FF21}", "abba\u{200B}"],
    ["\"Weird Al\" Yankovic", "\u{201C}Weird Al\u{201D} Yankovic"],
  ])
  func spellingsOfOneName(spellings: [String]) {
    #expect(Set(spellings.map(NameKey.key)).count == 1)
  }

  /// Tags may be as long as files.
  @Test(arguments: ["\u{DC}", "x", "o\u{308}", "\u{AC00}"])
  func ofALongNameTheBeginningCounts(letter: String) {
    let start = String(repeating: letter, count: 1000)
    let long = String(repeating: letter, count: 400_000)
    #expect(NameKey.key(of: long).hasPrefix(NameKey.key(of: start)))
    #expect(SearchText.fold(long).hasPrefix(SearchText.fold(start)))
    #expect(NameKey.key(of: long).unicodeScalars.count <= LongText.longest)
    #expect(NameKey.key(of: long) == NameKey.key(of: long + "y"))
    #expect(SearchText.fold(long) == SearchText.fold(long + "y"))
  }

  @Test(arguments: [
    ("Bj\u{F6}rk", "Bjork"), ("Mana", "Man\u{E1}"), ("AC/DC", "ACDC"), ("Sunn O)))", "Sunn O"), ("!!!", "???"),
    ("Simon & Garfunkel", "Simon and Garfunkel"), ("\u{304B}", "\u{304C}"),
  ])
  func differentNames(one: String, other: String) {
    #expect(NameKey.key(of: one) != NameKey.key(of: other))
  }
}
