import MusicLibrary

/// What is said of how an answer came about: what names were taken for, and what filters did.
extension Terminal {
  /// Says what names were taken for, and what of them does not count.
  func note(_ seeds: [Seed], as word: String) {
    for seed in seeds {
      if !seed.isPath { note("\(word): \(Self.text(seed))") }
      if let text = seed.note { note(text) }
    }
  }

  /// Says what filters left out.
  ///
  /// - Parameter isEmpty: Whether no song is left; then what no song meets belongs to the reason for that
  ///   (``FilterEffect/unmetText``), which is told in any case.
  func note(_ filtered: FilterEffect, isEmpty: Bool) {
    if !isEmpty { for text in filtered.unmetTexts { note(text) } }
    if !filtered.removed.isEmpty {
      let parts = filtered.removed.map { "\($0.count) \($0.reason)" }.joined(separator: ", ")
      note("left out: \(parts); \(counted(filtered.left, "song")) left")
    }
    if filtered.notMeasured > 0 {
      note("\(counted(filtered.notMeasured, "song")) not measured yet, of no known tempo or loudness: run `akin index`")
    }
  }

  private static func text(_ seed: Seed) -> String {
    let weight = seed.weight == 1 ? "" : " × \(decimal(seed.weight, 1))"
    return switch seed.kind {
    case .song: visible(seed.name) + weight
    case .folder, .playlist:
      "\(seed.kind.rawValue) \(shownPath(seed.name)), \(counted(seed.songs.count, "song"))\(weight)"
    case .artist, .album, .genre:
      "\(seed.kind.rawValue) \(visible(seed.name)), \(counted(seed.songs.count, "song"))\(weight)"
    }
  }
}

extension FilterEffect {
  /// What filters name that no song has, a typing error perhaps, a sentence each.
  fileprivate var unmetTexts: [String] {
    unmet.map { clause, near in
      let names = near.isEmpty ? "" : "; it has " + near.map { "“\(visible($0))”" }.joined(separator: ", ")
      return "no song of the library is of the \(visible("\(clause)"))\(names)"
    }
  }

  /// The same, to end a sentence that says that no song is left; empty if there is nothing of it.
  var unmetText: String { unmetTexts.map { ": \($0)" }.joined() }
}
