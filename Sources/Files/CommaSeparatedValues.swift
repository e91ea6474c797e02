/// Reads CSV of RFC 4180, and what people and spreadsheets write: any line ends, spaces before cells, and quotation
/// marks within plain cells.
///
/// It reads one record at a time, since FMA's `tracks.csv` has a quarter of a gigabyte. It works on bytes, since a
/// comma and a combining accent after it are a single `Character`, which does not equal a comma.
package struct CommaSeparatedValues {
  /// One record; a cell may span several lines.
  package struct Record {
    /// The line in which it begins, counted from 1.
    package var line: Int
    package var cells: [String]
  }

  /// Why a file is not CSV, and in which line.
  package struct SyntaxError: Error {
    package var line: Int
    package var reason: String
  }

  private let bytes: [UInt8]
  private var position = 0
  /// The line of the next record, or of an empty one before it, counted from 1.
  package private(set) var line = 1

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let space = UInt8(ascii: " ")

  /// Reads a file's bytes; a byte order mark at the beginning is ignored.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Reads a text.
  package init(_ text: String) { self.init(Array(text.utf8)) }

  /// The next record; nil at the end. Empty lines are skipped.
  package mutating func next() throws(SyntaxError) -> Record? {
    while position < bytes.count {
      var record = Record(line: line, cells: [try cell()])
      while position < bytes.count, bytes[position] == Self.comma {
        position += 1
        record.cells.append(try cell())
      }
      endLine()
      if record.cells != [""] { return record }
    }
    return nil
  }

  private var atCellEnd: Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    return byte == Self.comma || byte == Self.lineFeed || byte == Self.carriageReturn
  }

  private mutating func endLine() {
    guard position < bytes.count else { return }
    let isPair = bytes[position] == Self.carriageReturn && bytes[position...].dropFirst().first == Self.lineFeed
    position += isPair ? 2 : 1
    line += 1
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position] == Self.space { position += 1 }
  }

  private mutating func cell() throws(SyntaxError) -> String {
    skipSpaces()
    if position < bytes.count, bytes[position] == Self.quote { return try quotedCell() }
    let start = position
    while !atCellEnd { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func quotedCell() throws(SyntaxError) -> String {
    let start = line
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == Self.quote {
        position += 1
        guard position < bytes.count, bytes[position] == Self.quote else {
          skipSpaces()
          guard atCellEnd else { throw SyntaxError(line: line, reason: "text follows a closing quotation mark") }
          return String(decoding: content, as: UTF8.self)
        }
      } else if byte == Self.lineFeed {
        line += 1
      }
      content.append(byte)
      position += 1
    }
    throw SyntaxError(line: start, reason: "a quotation mark is never closed")
  }
}

// MARK: - Writing

extension CommaSeparatedValues {
  /// Rows as lines of CSV (RFC 4180).
  package static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// Quotes a cell that a reader would otherwise split or trim.
  private static func quoted(_ cell: String) -> String {
    let special: (Unicode.Scalar) -> Bool = { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    let hasOuterSpace = cell.first?.isWhitespace == true || cell.last?.isWhitespace == true
    guard hasOuterSpace || cell.unicodeScalars.contains(where: special) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
