/// Texts that are longer than any name.
package enum LongText {
  /// How much of a text counts where names are compared and searched, in Unicode scalars: Foundation's normalisation takes
  /// time that grows with the square of the length.
  package static let longest = 2000

  /// The beginning of a text that counts.
  static func start(of text: String) -> String {
    guard text.utf8.count > longest else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest)))
  }
}
