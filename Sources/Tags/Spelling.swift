/// Which of some names one may have meant who typed another.
public enum Spelling {
  /// The names that are near a text, at most `count` of them, the nearest first: those that begin with it or have its
  /// words, and those that a few slips of the keyboard make of it. Case, accents and marks do not count.
  public static func near(_ text: String, among names: some Sequence<String>, count: Int = 5) -> [String] {
    let text = SearchText.fold(text)
    let wanted = Array(text.unicodeScalars)
    guard !wanted.isEmpty else { return [] }
    // One slip for each four letters, and one of two letters.
    let most = max(1, wanted.count / 4)
    var found: [(distance: Int, order: Int, name: String)] = []
    for (order, name) in names.enumerated() {
      let folded = SearchText.fold(name)
      // A letter has up to four bytes.
      let isAsLong = abs(folded.utf8.count - text.utf8.count) <= 4 * most
      if isAsLong, let distance = slips(from: wanted, to: Array(folded.unicodeScalars), atMost: most) {
        found.append((distance, order, name))
      } else if wanted.count > 2, folded.utf8.count > text.utf8.count, contains(text, in: folded) {
        found.append((most + 1, order, name))
      }
    }
    var near: [String] = []
    for (_, _, name) in found.sorted(by: { ($0.distance, $0.order) < ($1.distance, $1.order) })
    where near.count < count && !near.contains(name) {
      near.append(name)
    }
    return near
  }

  /// How many letters are wrong, missing, too many or changed with their neighbour (optimal string alignment); nil for
  /// more than `most`.
  package static func slips(from text: [Unicode.Scalar], to other: [Unicode.Scalar], atMost most: Int) -> Int? {
    guard abs(text.count - other.count) <= most else { return nil }
    var (before, last) = ([Int](), Array(0...other.count))
    for (row, letter) in text.enumerated() {
      var next = [row + 1]
      for (column, wanted) in other.enumerated() {
        var cost = min(last[column] + (letter == wanted ? 0 : 1), last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, letter == other[column - 1], text[row - 1] == wanted {
          cost = min(cost, before[column - 1] + 1)
        }
        next.append(cost)
      }
      // What is too far by now comes no nearer.
      guard next.contains(where: { $0 <= most }) else { return nil }
      (before, last) = (last, next)
    }
    return last[other.count] <= most ? last[other.count] : nil
  }

  private static func contains(_ part: String, in text: String) -> Bool {
    var (part, text) = (part, text)
    return part.withUTF8 { part in
      text.withUTF8 { text in
        (0...(text.count - part.count)).contains { start in
          text[start] == part[0] && part.indices.allSatisfy { text[start + $0] == part[$0] }
        }
      }
    }
  }
}
