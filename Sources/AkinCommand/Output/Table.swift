/// A table of text whose columns line up. Cells are shown as ``visible(_:keepsLines:)`` writes them.
///
/// On a terminal it is no wider than that: the widest columns of text are cut, and end or begin with "…". In a pipe or
/// a file every cell is whole.
struct Table {
  /// Which side a column is flush with, and what stays of it where room is short.
  enum Alignment {
    /// Text: its beginning stays.
    case left
    /// A path: its end stays.
    case path
    /// A number, which is never cut.
    case right
  }

  let alignments: [Alignment]
  private(set) var rows: [[String]]

  /// No column of text becomes narrower.
  private static let least = 8
  private static let gap = "  "

  init(header: [String], alignments: [Alignment]) {
    self.alignments = alignments
    rows = [header]
  }

  mutating func add(_ row: [String]) { rows.append(row.map { visible($0) }) }

  var text: String {
    let widths = widths(within: StandardOutput.width)
    return rows.map { row in
      var line = row.indices.map { column in
        let cell = cut(row[column], to: widths[column], alignments[column])
        let padding = String(repeating: " ", count: max(0, widths[column] - displayWidth(cell)))
        return alignments[column] == .right ? padding + cell : cell + padding
      }.joined(separator: Self.gap)
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// How wide each column is: as its widest cell, or less, so that all fit into a width.
  private func widths(within most: Int?) -> [Int] {
    var widths = alignments.indices.map { column in rows.map { displayWidth($0[column]) }.max() ?? 0 }
    guard let most else { return widths }
    var excess = widths.reduce(0, +) + Self.gap.count * (widths.count - 1) - most
    let flexible = widths.indices.filter { alignments[$0] != .right }
    while excess > 0, let widest = flexible.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.least {
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func cut(_ text: String, to width: Int, _ alignment: Alignment) -> String {
    guard displayWidth(text) > width else { return text }
    var (kept, left) = ([Character](), width - 1)
    for character in alignment == .path ? Array(text.reversed()) : Array(text) {
      left -= displayWidth(String(character))
      if left < 0 { break }
      kept.append(character)
    }
    return alignment == .path ? "…" + String(kept.reversed()) : String(kept) + "…"
  }
}
