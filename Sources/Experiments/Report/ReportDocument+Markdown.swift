extension ReportDocument {
  /// The report as Markdown, with the figures as files beside it.
  var markdown: String {
    (["# \(ReportEscaping.markdown(title))"] + blocks.map(Self.markdown)).joined(separator: "\n\n") + "\n"
  }

  private static func markdown(_ block: Block) -> String {
    switch block {
    case .heading(let text): "## \(ReportEscaping.markdown(text))"
    case .paragraph(let text): ReportEscaping.markdown(text)
    case .list(let items): items.map { "- \(ReportEscaping.markdown($0))" }.joined(separator: "\n")
    case .code(let text):
      // Indented rather than fenced, since the text may contain backticks.
      text.split(whereSeparator: \.isNewline).map { "    \($0)" }.joined(separator: "\n")
    case .table(let table): markdown(table)
    case .figures(let figures):
      figures.map { "![\(ReportEscaping.markdown($0.caption))](figures/\($0.name).svg)" }.joined(separator: "\n")
    }
  }

  private static func markdown(_ table: ReportTable) -> String {
    // Markdown tables have a single line of headings.
    var header = table.header
    var column = 1
    for group in table.groups {
      for _ in 0..<group.columns {
        header[column] = "\(group.title): \(header[column])"
        column += 1
      }
    }
    let rule = header.indices.map { $0 > 0 && table.isNumeric ? "---:" : "---" }
    let rows = table.rows.map { row in
      row.map { cell in
        var text = ReportEscaping.markdown(cell.text)
        if let link = cell.link { text = "[\(text)](<\(ReportEscaping.markdown(link))>)" }
        return cell.isBest ? "**\(text)**" : text
      }
    }
    let lines = ([header.map(ReportEscaping.markdown), rule] + rows).map { "| \($0.joined(separator: " | ")) |" }
    return ReportEscaping.markdown(table.caption) + "\n\n" + lines.joined(separator: "\n")
  }
}
