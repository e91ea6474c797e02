import Files
import Foundation

/// One of FMA's metadata tables: CSV with one or several header lines, read row by row.
struct FMATable {
  /// One row with as many cells as there are columns.
  struct Row {
    var cells: [String]
    fileprivate var line: Int
    fileprivate var path: String
    fileprivate var names: [String]

    /// A cell as a number.
    func number(_ column: Int) throws(DatasetError) -> Int {
      if let number = Int(cells[column]) { return number }
      throw problem("has \"\(cells[column].prefix(40))\" for \(names[column]), which is not a whole number")
    }

    /// A cell as a list of numbers, `[76, 103]`.
    func numbers(_ column: Int) throws(DatasetError) -> [Int] {
      let cell = cells[column].trimmingCharacters(in: .whitespaces)
      guard cell.hasPrefix("["), cell.hasSuffix("]") else {
        throw problem("has \"\(cell.prefix(40))\" for \(names[column]), which is not a list of numbers")
      }
      return cell.dropFirst().dropLast().split(separator: ",").compactMap {
        Int($0.trimmingCharacters(in: .whitespaces))
      }
    }

    /// An error on this row.
    func problem(_ reason: String) -> DatasetError { FMATable.problem(path, line: line, reason) }
  }

  private let path: String
  private var reader: CommaSeparatedValues
  private let names: [String]

  /// Reads the header. A column's name joins the cells of its header lines with a slash: `track/title`.
  init(contentsOf file: URL, headerLines: Int) throws(DatasetError) {
    path = file.path
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw DatasetError(
        path: file.path, reason: "it cannot be read: \(error.systemReason)",
        remedy: "Name the folder of FMA's metadata with --metadata.")
    }
    reader = CommaSeparatedValues([UInt8](data))
    var header: [[String]] = []
    while header.count < headerLines, let record = try Self.record(&reader, path: path) { header.append(record.cells) }
    let width = header.first?.count ?? 0
    guard header.count == headerLines, header.allSatisfy({ $0.count == width }) else {
      throw Self.problem(path, line: 1, "is not the first of FMA's \(headerLines) header lines of equal length")
    }
    names = (0..<width).map { column in
      header.map { $0[column] }.filter { !$0.isEmpty }.joined(separator: "/")
    }
  }

  /// The index of a column.
  func column(_ name: String) throws(DatasetError) -> Int {
    if let column = names.firstIndex(of: name) { return column }
    throw DatasetError(
      path: path, reason: "it has no column \(name)",
      remedy: "Name with --metadata the folder that holds tracks.csv and genres.csv of FMA's fma_metadata.zip.")
  }

  /// The next row.
  mutating func next() throws(DatasetError) -> Row? {
    guard let record = try Self.record(&reader, path: path) else { return nil }
    guard record.cells.count == names.count else {
      throw Self.problem(path, line: record.line, "has \(record.cells.count) of \(names.count) cells")
    }
    return Row(cells: record.cells, line: record.line, path: path, names: names)
  }

  private static func record(
    _ reader: inout CommaSeparatedValues, path: String
  ) throws(DatasetError) -> CommaSeparatedValues.Record? {
    // The row's line, since a cell that is cut off may begin some lines later.
    let start = reader.line
    do {
      return try reader.next()
    } catch {
      throw problem(path, line: start, "is cut off or damaged: \(error.reason)")
    }
  }

  fileprivate static func problem(_ path: String, line: Int, _ reason: String) -> DatasetError {
    DatasetError(
      path: path, reason: "line \(line) \(reason)",
      remedy: "Unpack fma_metadata.zip again, or delete the row that begins in that line.")
  }
}
