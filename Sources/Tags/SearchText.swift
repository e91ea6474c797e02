import Foundation

/// The form of titles and names in which they are searched by words: what somebody types finds what a tagger wrote.
public enum SearchText {
  /// Words of letters and digits as they are typed, with one space between them: without case, accents, character
  /// widths and marks. What marks separate is one word, as in "a-ha", "T.N.T." and "don’t", and so are letters that stand
  /// alone, as in "B. B. King"; "&", "+" and "n" between words are "and"; letters such as "ł" and "æ" are those that they
  /// are replaced by. A text of nothing but marks, such as "!!!", stays as it is. What is said here holds for
  /// the first ``LongText/longest`` characters; what follows is not searched.
  public static func fold(_ text: String) -> String {
    let text = LongText.start(of: text)
    if let folded = foldPlainWords(text) { return folded }
    var folded = String.UnicodeScalarView()
    for scalar in plain(text).unicodeScalars {
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
    let words = String(folded).precomposedStringWithCanonicalMapping.split(separator: " ").map(String.init)
    guard !words.isEmpty else {
      return text.lowercased().split { $0.isWhitespace || $0 < " " }.joined(separator: " ")
    }
    return joinedInitials(connected(words)).joined(separator: " ")
  }

  /// The same for letters and digits of ASCII in words with one space between them, as most names are; nil for any other
  /// text.
  private static func foldPlainWords(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      // Letters that stand alone are initials, or "n".
      var length = 0
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
          length += 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"): length += 2
        case UInt8(ascii: " ") where length > 1: length = 0
        default: return nil
        }
      }
      guard length > 1 else { return nil }
      return String(unsafeUninitializedCapacity: bytes.count) { folded in
        for (index, byte) in bytes.enumerated() {
          folded[index] = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
        return bytes.count
      }
    }
  }

  /// The text in small letters, taken apart; "rock’n’roll" and "salt-n-pepa" are three words.
  private static func plain(_ text: String) -> String {
    let text = TypographicMark.decomposed(text).lowercased()
    guard text.contains("n") else { return text }
    let marks = String(
      String.UnicodeScalarView(text.unicodeScalars.flatMap { TypographicMark.plain($0) ?? [$0] }))
    return marks.replacing("'n'", with: " n ").replacing("-n-", with: " n ")
  }

  /// Words with "and" for what stands for it between others.
  private static func connected(_ words: [String]) -> [String] {
    words.enumerated().map { place, word in
      guard place > 0, place < words.count - 1, word == "+" || word == "n" else { return word }
      // The letters of "T N T" stand alone.
      return words[place - 1].count > 1 || words[place + 1].count > 1 ? "and" : word
    }
  }

  /// Words with letters that stand alone side by side made one.
  private static func joinedInitials(_ words: [String]) -> [String] {
    var joined: [String] = []
    var isInitial = false
    for word in words {
      let isLetter = word.count == 1 && word.first?.isLetter == true
      if isLetter && isInitial { joined[joined.count - 1] += word } else { joined.append(word) }
      isInitial = isLetter
    }
    return joined
  }

  /// Letters that Unicode does not take apart into a plain one and an accent.
  private static let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ı": "i", "ĸ": "k", "ƒ": "f", "ə": "e", "ɛ": "e", "ɔ": "o", "ɖ": "d", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ʔ": "",
    "ς": "σ",
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
