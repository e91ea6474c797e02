/// Who performs, as a name on a sleeve says it: "Santana feat. Rob Thomas".
public enum ArtistCredit {
  /// The artists that a name credits, the main one first: Santana and Rob Thomas.
  ///
  /// Only words for guests part a name, also in brackets, since "&" and "and" are in the names of bands.
  public static func artists(of name: String) -> [String] {
    let words = name.split(whereSeparator: \.isWhitespace)
    let border = words.indices.dropFirst().dropLast().first { index in
      guests.contains(words[index].drop { $0 == "(" || $0 == "[" }.lowercased())
    }
    guard let border else { return [name] }
    let main = words[..<border].joined(separator: " ")
    var guest = words[(border + 1)...].joined(separator: " ")
    while let last = guest.last, last == ")" || last == "]" { guest.removeLast() }
    return guest.isEmpty ? [name] : [main, guest]
  }

  private static let guests: Set<String> = ["feat.", "feat", "ft.", "ft", "featuring"]
}
