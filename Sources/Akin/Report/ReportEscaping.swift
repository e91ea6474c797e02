/// Text as the formats of a report want it: names of songs may contain anything. For HTML and SVG see `MarkupText`.
enum ReportEscaping {
  /// For a line of Markdown, cells of tables included.
  static func markdown(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r": result += " "
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "|", "~", "!", "$":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A cell of CSV (RFC 4180).
  static func csv(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    let hasOuterSpace = text.first?.isWhitespace == true || text.last?.isWhitespace == true
    guard needsQuotes || hasOuterSpace else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// Lines of CSV.
  static func csv(_ rows: [[String]]) -> String {
    rows.map { $0.map { csv($0) }.joined(separator: ",") + "\n" }.joined()
  }
}
