/// A table of text whose columns line up. Cells are shown as ``visible(_:keepsLines:)`` writes them.
struct Table {
  /// Which side a column is flush with.
  enum Alignment { case left, right }

  let alignments: [Alignment]
  private(set) var rows: [[String]]

  init(header: [String], alignments: [Alignment]) {
    self.alignments = alignments
    rows = [header]
  }

  mutating func add(_ row: [String]) { rows.append(row.map { visible($0) }) }

  var text: String {
    let widths = alignments.indices.map { column in rows.map { displayWidth($0[column]) }.max() ?? 0 }
    return rows.map { row in
      var line = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - displayWidth(row[column]))
        return alignments[column] == .left ? row[column] + padding : padding + row[column]
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
