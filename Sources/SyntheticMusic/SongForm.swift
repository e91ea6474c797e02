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

  /// A song of more bars has a long form.
  private static let longestCycle = 60

  /// Sections that fill the bars exactly; the last bar is the ending. Long songs have longer sections, begin with an
  /// intro, break down once, and end as thinly as they began.
  static func form(barCount: Int, using generator: inout SeededGenerator) -> [SongSection] {
    let forms: [[(Kind, Int)]] = [
      [(.intro, 2), (.verse, 4), (.chorus, 4), (.breakdown, 2), (.chorus, 4), (.verse, 4)],
      [(.intro, 1), (.verse, 4), (.verse, 2), (.chorus, 4), (.verse, 4), (.chorus, 4)],
      [(.chorus, 4), (.verse, 4), (.breakdown, 2), (.chorus, 4), (.verse, 4), (.chorus, 4)],
    ]
    let short = generator.element(of: forms)
    let form = barCount > longestCycle ? longForm(barCount: barCount) : short
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

  /// The sections of a long song: eight, equally long.
  private static func longForm(barCount: Int) -> [(Kind, Int)] {
    let length = (barCount + 6) / 8
    let kinds: [Kind] = [.intro, .verse, .chorus, .verse, .chorus, .breakdown, .chorus, .intro]
    return kinds.map { ($0, length) }
  }
}
