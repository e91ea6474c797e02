import Files

/// Text as it may stand in XML and HTML.
package enum MarkupText {
  /// Replaces what has a meaning in markup, and by U+FFFD control characters and those that XML 1.0 does not allow. Safe
  /// between tags and in attributes.
  ///
  /// - Parameter keepsLines: whether tabs and ends of lines stay, as in `pre`.
  package static func escaped(_ text: String, keepsLines: Bool = false) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // As such they would become spaces.
      case "\t", "\n", "\r", "\u{2028}", "\u{2029}": result += keepsLines ? String(scalar) : " "
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      // Those that turn the direction of text would turn what follows it, too.
      case _ where scalar.isControl: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// JSON as it may stand in a `script` element: nothing in it ends the element or begins a comment.
  static func scriptJSON(_ value: some Encodable) -> String {
    JSON.text(value).replacing("<", with: "\\u003c")
  }
}
