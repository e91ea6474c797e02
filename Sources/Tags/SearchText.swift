import Foundation

/// The form of titles and names in which they are searched by words: what somebody types finds what a tagger wrote.
public enum SearchText {
  /// Words of letters and digits as they are typed, with one space between them: without case, accents, character
  /// widths and marks. What marks separate is one word, as in "a-ha", "T.N.T." and "don’t"; "&", "+" and "n" between
  /// words are "and"; letters such as "ł" and "æ" are those that they are replaced by. A text of nothing but marks,
  /// such as "!!!", stays as it is.
  public static func fold(_ text: String) -> String {
    var folded = String.UnicodeScalarView()
    for scalar in TypographicMark.decomposed(text).lowercased().unicodeScalars {
      if let letters = letters[scalar] {
        folded.append(contentsOf: letters.unicodeScalars)
      } else if scalar == "&" {
        folded.append(contentsOf: "and".unicodeScalars)
      } else if scalar.properties.isWhitespace || scalar == "\0" {
        folded.append(" ")
      } else if !isDropped(scalar) {
        folded.append(scalar)
      }
    }
    // Hangul and the like were taken apart.
    let words = String(folded).precomposedStringWithCanonicalMapping.split(separator: " ")
    guard !words.isEmpty else {
      return text.lowercased().split { $0.isWhitespace || $0 < " " }.joined(separator: " ")
    }
    return words.enumerated().map { place, word in
      let isBetween = place > 0 && place < words.count - 1
      return isBetween && (word == "+" || word == "n") ? "and" : String(word)
    }.joined(separator: " ")
  }

  /// Letters that Unicode does not take apart into a plain one and an accent.
  private static let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ı": "i", "ĸ": "k", "ƒ": "f", "ə": "e", "ɛ": "e", "ɔ": "o", "ɖ": "d", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ʔ": "",
  ]

  /// Accents of Latin, Greek and Cyrillic letters, marks, and what is not seen.
  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation, .modifierSymbol, .modifierLetter, .format, .control:
      return true
    default: return scalar == "\u{2212}"
    }
  }
}
