/// Cards that are drawn in random order, all of them before any comes a second time.
struct ShuffledDeck {
  private let cards: [Int]
  /// Shuffled; drawn from the end.
  private var remaining: [Int] = []

  /// Creates a deck; cards differ from one another, and there is at least one.
  init(_ cards: [Int]) {
    precondition(!cards.isEmpty, "a deck without cards")
    self.cards = cards
  }

  /// Draws `count` cards; the same card twice only if the deck has fewer.
  mutating func draw(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Int] {
    var hand: [Int] = []
    while hand.count < count {
      hand += drawDistinct(min(count - hand.count, cards.count), using: &generator)
    }
    return hand
  }

  /// Draws at most as many cards as there are, all different.
  private mutating func drawDistinct(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Int] {
    var hand: [Int] = []
    while hand.count < count {
      // After a reshuffle, cards that are already in this hand wait for a later one.
      if let index = remaining.lastIndex(where: { !hand.contains($0) }) {
        hand.append(remaining.remove(at: index))
      } else {
        remaining = cards.shuffled(using: &generator)
      }
    }
    return hand
  }
}
