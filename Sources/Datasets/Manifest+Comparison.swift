import Foundation

extension Manifest {
  /// A label as it is compared: "The  Beatles " and "the beatles" are one artist.
  package static func comparable(_ label: String) -> String {
    // Most labels are short and plain, and a hundred thousand songs have four each.
    label.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
