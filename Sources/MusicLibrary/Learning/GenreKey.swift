import Foundation
import Tags

/// Genres as learning tells them apart.
enum GenreKey {
  /// One key for all spellings of a genre ("Hip-Hop", "hip hop", "HipHop"); nil for one that says nothing, such as
  /// "Other" or a number without a name.
  static func key(of name: String) -> String? {
    let key = SearchText.fold(name).filter { $0 != " " }
    return key.contains(where: \.isLetter) && !saysNothing.contains(key) ? key : nil
  }

  private static let saysNothing: Set<String> = [
    "all", "any", "audio", "blank", "custom", "default", "empty", "error", "etc", "general", "genre", "genreunknown",
    "misc",
    "miscellaneous", "mixed", "mp3", "music", "musik", "musique", "musica", "na", "nil", "nogenre", "none", "notset",
    "null", "other", "others", "othergenre", "several", "song", "songs", "sonstige", "sonstiges", "tba", "tbd",
    "unbekannt", "uncategorised", "uncategorized", "unclassifiable", "unclassified", "undefined", "unknown",
    "unknowngenre", "unspecified", "untagged", "various", "variousgenres", "verschiedenes", "andere", "autre", "autres",
    "inconnu", "altro", "altri", "otro", "otros", "desconocido",
  ]

  /// What a misspelt genre is taken for: one that ten times as many songs have, and that a slip of the keyboard makes of
  /// it. Shorter names than five letters are left as they are.
  static func corrections(_ counts: [String: Int]) -> [String: String] {
    let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var corrections: [String: String] = [:]
    for (key, count) in ordered where key.count >= 5 {
      let letters = Array(key.unicodeScalars)
      let meant = ordered.prefix { $0.value >= 10 * count }.first {
        $0.key.count >= 5 && Spelling.slips(from: letters, to: Array($0.key.unicodeScalars), atMost: 1) != nil
      }
      if let meant { corrections[key] = meant.key }
    }
    return corrections
  }
}
