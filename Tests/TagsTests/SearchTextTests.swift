import Tags
import Testing

@Suite struct SearchTextTests {
  /// What somebody types, and what a tagger wrote.
  @Test(arguments: [
    ("don't stop", "Don\u{2019}t Stop"), ("dont stop", "Don't Stop"), ("don\u{B4}t stop", "Don\u{2018}t Stop"),
    ("a-ha", "a\u{2010}ha"), ("aha", "A-Ha"), ("jay-z", "JAY\u{2013}Z"),
    ("...and justice", "\u{2026}And Justice"), ("and justice", "...And Justice"),
    ("lodz", "\u{141}\u{F3}d\u{17A}"), ("smorrebrod", "Sm\u{F8}rrebr\u{F8}d"), ("aenima", "\u{C6}nima"),
    ("hide and seek", "Hide & Seek"), ("hide & seek", "Hide and Seek"),
    ("florence and the machine", "Florence + the Machine"),
    ("rock and roll", "Rock \u{2019}n\u{2019} Roll"), ("guns n roses", "Guns N\u{2019} Roses"),
    ("bb king", "B. B. King"), ("b.b. king", "B B King"), ("tnt", "T N T"),
    ("rock'n'roll", "Rock \u{2019}n\u{2019} Roll"),
    ("rock and roll star", "Rock'n'Roll Star"), ("salt and pepa", "Salt-N-Pepa"), ("οδοσ", "ΟΔΌΣ"), ("ΟΔΟΣ", "Οδός"),
    ("TNT", "T.N.T."), ("t.n.t", "TNT"), ("rem", "R.E.M."), ("acdc", "AC/DC"), ("strasse", "Stra\u{DF}e"),
    ("abc", "\u{FF21}\u{FF22}\u{FF23}"), ("motley crue", "M\u{F6}tley Cr\u{FC}e"), ("sigur ros", "Sigur R\u{F3}s"),
    ("dyr", "\u{D0}\u{FD}r"), ("thor", "\u{DE}\u{F3}r"), ("кино", "КИНО"), ("!!!", "!!!"), ("ke$ha", "Ke$ha"),
    ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
  ])
  func findsWhatIsMeant(typed: String, tagged: String) {
    let (typed, tagged) = (SearchText.fold(typed), SearchText.fold(tagged))
    #expect(!typed.isEmpty && tagged.contains(typed), "\(typed) in \(tagged)")
  }

  @Test(arguments: ["Paper Tram", "99 Problems", "Part 2", "T N T", "A", "Rock n Roll", "U2", "x 1", "ab  cd", "7"])
  func plainWordsAreFoldedAsAllOthers(text: String) {
    // With a mark that is not seen, it is no longer plain.
    #expect(SearchText.fold(text) == SearchText.fold(text + "\u{200B}"))
  }

  @Test func nothingButBlanksAndControlCharactersIsNothing() {
    for text in ["", " \n", "\0", "\u{1B}", "\u{A0}"] { #expect(SearchText.fold(text) == "") }
  }

  @Test func languagesWhoseMarksAreLettersKeepThem() {
    #expect(SearchText.fold("\u{304C}") != SearchText.fold("\u{304B}"))
  }
}
