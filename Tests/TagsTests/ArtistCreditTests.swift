import Tags
import Testing

@Suite struct ArtistCreditTests {
  @Test(arguments: [
    ("Santana feat. Rob Thomas", ["Santana", "Rob Thomas"]), ("Santana Ft Rob Thomas", ["Santana", "Rob Thomas"]),
    ("Santana (featuring Rob Thomas)", ["Santana", "Rob Thomas"]),
    ("Simon & Garfunkel [feat. A & B]", ["Simon & Garfunkel", "A & B"]),
    ("Simon & Garfunkel", ["Simon & Garfunkel"]), ("Little Feat", ["Little Feat"]), ("Feat. X", ["Feat. X"]),
    ("Aftermath", ["Aftermath"]), ("A feat. )", ["A feat. )"]), ("", [""]),
  ])
  func guestsArePartedFromTheMainArtist(name: String, artists: [String]) {
    #expect(ArtistCredit.artists(of: name) == artists)
  }
}
