import Reproducibility

/// A part of a song that has its own chords, melody and instruments.
struct SongSection: Sendable {
  enum Kind: Sendable { case intro, verse, chorus, breakdown, ending }

  let kind: Kind
  let firstBar: Int
  let barCount: Int

  var hasBass: Bool { kind != .intro }
  var hasLead: Bool { kind == .verse || kind == .chorus || kind == .breakdown }
  var hasPad: Bool { kind == .chorus || kind == .breakdown }

  /// Sections that fill the bars exactly; the last bar is the ending.
  static func form(barCount: Int, using generator: inout SeededGenerator) -> [SongSection] {
    let forms: [[(Kind, Int)]] = [
      [(.intro, 2), (.verse, 4), (.chorus, 4), (.breakdown, 2), (.chorus, 4), (.verse, 4)],
      [(.intro, 1), (.verse, 4), (.verse, 2), (.chorus, 4), (.verse, 4), (.chorus, 4)],
      [(.chorus, 4), (.verse, 4), (.breakdown, 2), (.chorus, 4), (.verse, 4), (.chorus, 4)],
    ]
    let form = generator.element(of: forms)
    var sections: [SongSection] = []
    var bar = 0
    while bar < barCount - 1 {
      let (kind, length) = form[sections.count % form.count]
      let fitting = min(length, barCount - 1 - bar)
      sections.append(SongSection(kind: kind, firstBar: bar, barCount: fitting))
      bar += fitting
    }
    return sections + [SongSection(kind: .ending, firstBar: bar, barCount: 1)]
  }
}
