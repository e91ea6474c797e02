import Figures

extension ReportDocument {
  /// The report as one page of HTML, which needs no other file and no script.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(MarkupText.escaped(title))</title>
    <style>
    \(ReportStyle.css)
    </style>
    </head>
    <body>
    <main>
    <h1>\(MarkupText.escaped(title))</h1>
    \(blocks.map(Self.html).joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  private static func html(_ block: Block) -> String {
    switch block {
    case .heading(let text): "<h2>\(MarkupText.escaped(text))</h2>"
    case .paragraph(let text): "<p>\(MarkupText.escaped(text))</p>"
    case .list(let items):
      "<ul>\n" + items.map { "<li>\(MarkupText.escaped($0))</li>\n" }.joined() + "</ul>"
    case .code(let text): "<pre tabindex=\"0\"><code>\(MarkupText.escaped(text, keepsLines: true))</code></pre>"
    case .table(let table): html(table)
    case .figures(let figures):
      "<div class=\"figures\(figures.contains { $0.picture.isWide } ? " wide" : "")\">\n"
        + figures.map { figure in
          "<figure>\n\(figure.picture.svg(isFile: false))\n"
            + "<figcaption>\(MarkupText.escaped(figure.caption))</figcaption>\n</figure>\n"
        }.joined() + "</div>"
    }
  }

  private static func html(_ table: ReportTable) -> String {
    let caption = MarkupText.escaped(table.caption)
    var lines = [
      // A wide table scrolls inside the page, also by keyboard.
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(caption)\">",
      "<table\(table.isNumeric ? " class=\"numbers\"" : "") id=\"\(MarkupText.escaped(table.name))\">",
      "<caption>\(caption)</caption>", "<thead>",
    ]
    if !table.groups.isEmpty {
      let cells = table.groups.map {
        "<th scope=\"colgroup\" colspan=\"\($0.columns)\">\(MarkupText.escaped($0.title))</th>"
      }
      lines.append("<tr><td></td>\(cells.joined())</tr>")
    }
    lines.append(
      "<tr>" + table.header.map { "<th scope=\"col\">\(MarkupText.escaped($0))</th>" }.joined() + "</tr>")
    lines += ["</thead>", "<tbody>"]
    for row in table.rows {
      let name = row.first.map { "<th scope=\"row\">\(MarkupText.escaped($0.text))</th>" } ?? ""
      lines.append("<tr>\(name)\(row.dropFirst().map(html).joined())</tr>")
    }
    lines += ["</tbody>", "</table>", "</div>"]
    return lines.joined(separator: "\n")
  }

  private static func html(_ cell: ReportTable.Cell) -> String {
    var text = MarkupText.escaped(cell.text)
    if let link = cell.link { text = "<a href=\"\(MarkupText.escaped(link))\">\(text)</a>" }
    let shade = cell.shade.map { " style=\"--shade:\(ReportNumber.text(100 * $0, decimals: 0))%\"" } ?? ""
    return "<td\(shade)>\(cell.isBest ? "<strong>\(text)</strong>" : text)</td>"
  }
}
