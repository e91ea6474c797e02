import Files

/// Escapes text for Markdown, since names of songs may contain anything. For HTML and SVG, see `MarkupText`.
enum ReportEscaping {
  /// Escapes text for one line of Markdown, or for a cell of a table.
  static func markdown(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r": result += " "
      case _ where scalar.isControl: result += "\u{FFFD}"
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
}
