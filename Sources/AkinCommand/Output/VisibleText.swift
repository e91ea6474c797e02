import Files

/// Text as it may reach a terminal: what a terminal would obey is written out, ESC as `\u{1b}`, an end of a line as
/// `\n`. So no title and no name of a file can move the cursor, hide text or forge a line.
///
/// - Parameter keepsLines: whether ends of lines and tabs stay, for a text of several lines.
func visible(_ text: String, keepsLines: Bool = false) -> String {
  guard text.hasControlCharacters else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    if keepsLines && (scalar == "\n" || scalar == "\t") || !scalar.isControl {
      result.unicodeScalars.append(scalar)
    } else {
      result += shortEscape(scalar) ?? "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
  return result
}

/// A message without its middle if it is longer than any that somebody reads: a tag may have a mebibyte.
func shortened(_ message: String) -> String {
  let longest = 6000
  guard message.utf8.count > longest, message.count > longest else { return message }
  return "\(message.prefix(longest / 2)) … \(message.suffix(longest / 2))"
}

/// A path as it may reach a terminal. If it has characters that a terminal would obey, it is quoted as shells write
/// it, `$'a\nb.mp3'`, so that it can be told from every other and be copied.
func shownPath(_ path: String) -> String {
  guard path.hasControlCharacters else { return path }
  var result = "$'"
  for scalar in path.unicodeScalars {
    switch scalar {
    case "\\", "'": result += "\\" + String(scalar)
    case _ where scalar.isControl:
      let digits = String(scalar.value, radix: 16)
      let escape = scalar.isASCII ? "\\x" + padded(digits, 2) : "\\u" + padded(digits, 4)
      result += shortEscape(scalar) ?? escape
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "'"
}

private func shortEscape(_ scalar: Unicode.Scalar) -> String? {
  switch scalar {
  case "\n": "\\n"
  case "\r": "\\r"
  case "\t": "\\t"
  default: nil
  }
}

private func padded(_ digits: String, _ count: Int) -> String {
  String(repeating: "0", count: max(0, count - digits.count)) + digits
}

/// How many columns of a terminal a text takes: two for each Chinese, Japanese or Korean character and each emoji, none
/// for combining marks.
func displayWidth(_ text: String) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.reduce(0) { $0 + columns($1) }
}

private func columns(_ character: Character) -> Int {
  if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
  guard let first = character.unicodeScalars.first(where: { !isCombining($0) }) else { return 0 }
  switch first.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
    return 2
  default: return first.properties.isEmojiPresentation ? 2 : 1
  }
}

private func isCombining(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: true
  default: false
  }
}
