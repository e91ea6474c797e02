import Foundation
import Tags

/// Words that something is found by, as `Catalogue.search` has them.
struct TextSearch {
  private let words: [[UInt8]]
  private let text: [UInt8]

  init(_ text: String) {
    let folded = SearchText.fold(text)
    self.text = Array(folded.utf8)
    words = folded.split(separator: " ").map { Array($0.utf8) }
  }

  /// The rows of a table that have all of the words: those that begin with the text first.
  func rows(in table: WordTable) -> [Int] {
    guard let first = words.first else { return [] }
    let rows = table.rows(having: first) { row in words.dropFirst().allSatisfy { table.contains($0, in: row) } }
    return rows.filter { table.begins(with: text, row: $0) } + rows.filter { !table.begins(with: text, row: $0) }
  }
}

/// The words of many names, folded, in one piece of memory: search as one types reads all of it.
struct WordTable: Sendable {
  private let bytes: [UInt8]
  /// Where each row begins, and the last one ends. A line feed stands between two rows.
  private let starts: [Int]

  init(_ texts: some Sequence<String>) {
    var (bytes, starts): ([UInt8], [Int]) = ([], [0])
    for text in texts {
      bytes += SearchText.fold(text).utf8
      bytes.append(UInt8(ascii: "\n"))
      starts.append(bytes.count)
    }
    (self.bytes, self.starts) = (bytes, starts)
  }

  /// The rows that have a word and pass a test, in their order.
  func rows(having word: [UInt8], where passes: (Int) -> Bool) -> [Int] {
    var (rows, offset, row): ([Int], Int, Int) = ([], 0, 0)
    while let place = find(word, in: offset..<bytes.count) {
      while starts[row + 1] <= place { row += 1 }
      if passes(row) { rows.append(row) }
      offset = starts[row + 1]
    }
    return rows
  }

  func contains(_ word: [UInt8], in row: Int) -> Bool { find(word, in: starts[row]..<starts[row + 1]) != nil }

  func begins(with text: [UInt8], row: Int) -> Bool { bytes[starts[row]..<starts[row + 1]].starts(with: text) }

  private func find(_ word: [UInt8], in range: Range<Int>) -> Int? {
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let first = word.first else { return nil }
      // (Swift's Glibc has no `memmem`.)
      var place = range.lowerBound
      while place + word.count <= range.upperBound,
        let found = memchr(start + place, Int32(first), range.upperBound - word.count + 1 - place)
      {
        place = UnsafeRawPointer(found) - start
        if memcmp(found, word, word.count) == 0 { return place }
        place += 1
      }
      return nil
    }
  }
}
