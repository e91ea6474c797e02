/// A path as a key: compared byte by byte, as the file system does. As `String`s, two files would be one whose names
/// differ only in whether "é" is one code point or two.
package struct ExactPath: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (one: Self, other: Self) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

  package static func < (one: Self, other: Self) -> Bool { one.text.utf8.lexicographicallyPrecedes(other.text.utf8) }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }

  /// Paths, each once, in the order of their bytes.
  package static func sorted(_ paths: some Sequence<String>) -> [String] {
    Set(paths.map(ExactPath.init)).sorted().map(\.text)
  }
}
