import Foundation

/// The form of a name in which names are compared: two spellings of one artist have the same key.
public enum NameKey {
  /// Without case, extra spaces, character widths and typographic variants of marks, in Unicode's composed form (NFC), of the first ``LongText/longest`` characters:
  /// "The  Beatles" and "the beatles" are one, as are "Guns N’ Roses" and "Guns N' Roses". Accents count.
  public static func key(of name: String) -> String {
    // Kept cheap: a hundred thousand songs have four names each.
    let name = LongText.start(of: name)
    if let key = asciiKey(of: name) { return key }
    var folded = String.UnicodeScalarView()
    for scalar in TypographicMark.decomposed(name).lowercased().unicodeScalars {
      folded.append(contentsOf: TypographicMark.plain(scalar) ?? Self.letters[scalar] ?? [scalar])
    }
    return words(of: String(folded).precomposedStringWithCanonicalMapping)
  }

  /// The most frequent spelling of each name by its key; of equally frequent ones the first. Empty names are left out.
  package static func spellings(of names: some Sequence<String>) -> [String: String] {
    var counts: [String: (count: Int, order: Int)] = [:]
    for (order, name) in names.enumerated() where !name.isEmpty {
      counts[name, default: (0, order)].count += 1
    }
    var spellings: [String: (name: String, count: Int, order: Int)] = [:]
    for (name, item) in counts {
      let key = key(of: name)
      if let best = spellings[key], (best.count, item.order) >= (item.count, best.order) { continue }
      spellings[key] = (name, item.count, item.order)
    }
    return spellings.mapValues(\.name)
  }

  /// Letters whose capitals are others'.
  private static let letters: [Unicode.Scalar: [Unicode.Scalar]] = ["ß": ["s", "s"], "ς": ["σ"]]

  /// The key of a name in ASCII, as most are; nil for others.
  private static func asciiKey(of name: String) -> String? {
    var name = name
    return name.withUTF8 { bytes in
      guard bytes.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "`") }) else { return nil }
      return String(unsafeUninitializedCapacity: bytes.count) { key in
        var count = 0
        var isBetween = false
        for byte in bytes {
          // Space, and tab to carriage return.
          if byte == 0x20 || (0x09...0x0D).contains(byte) {
            isBetween = count > 0
            continue
          }
          if isBetween {
            key[count] = 0x20
            count += 1
            isBetween = false
          }
          key[count] = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
          count += 1
        }
        return count
      }
    }
  }

  private static func words(of text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// Marks that are typed in one way and printed in several.
enum TypographicMark {
  /// A text in Unicode's compatibility decomposition (NFKD), which makes "…" three dots and wide letters plain ones. It
  /// would take "´" for a blank with an accent, but people type it for an apostrophe; and "″" for two apostrophes.
  static func decomposed(_ text: String) -> String {
    let text = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.value {
          case 0xB4: "'"
          case 0x2033, 0x2036: "\""
          default: scalar
          }
        }))
    return text.decomposedStringWithCompatibilityMapping
  }

  /// What a mark is on a keyboard; nil for all others. Marks that are not seen are nothing.
  static func plain(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
    switch scalar.value {
    // ‘ ’ ‚ ‛ ′ ʹ ʻ ʼ ʽ `
    case 0x2018...0x201B, 0x2032, 0x02B9, 0x02BB...0x02BD, 0x60: ["'"]
    // “ ” „ ‟ « » 〝 〞
    case 0x201C...0x201F, 0xAB, 0xBB, 0x301D...0x301F: ["\""]
    // ‐ ‑ ‒ – — ― ⁃ −
    case 0x2010...0x2015, 0x2043, 0x2212: ["-"]
    // ⁄ ∕
    case 0x2044, 0x2215: ["/"]
    // Soft hyphen, zero-width blanks and joiners, direction marks, variation selectors, byte order mark
    case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFE00...0xFE0F, 0xFEFF: []
    default: nil
    }
  }
}
