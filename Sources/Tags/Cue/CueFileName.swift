import Foundation

/// How a CUE sheet names a file, and how that is compared with the names of files there are.
package enum CueFileName {
  /// The names of folders and of the file on the way from the sheet, whether slashes or backslashes are between them; and
  /// whether the way begins at the root of a disk.
  package static func parts(of name: String) -> (names: [String], isAbsolute: Bool) {
    var names = name.split { $0 == "/" || $0 == "\\" }.map(String.init).filter { $0 != "." }
    var isAbsolute = name.first == "/" || name.first == "\\"
    // C:\Music
    if let first = names.first, first.count == 2, first.last == ":", first.first?.isLetter == true {
      names.removeFirst()
      isAbsolute = true
    }
    return (names, isAbsolute)
  }

  /// The file's own name.
  package static func last(of name: String) -> String { parts(of: name).names.last ?? name }

  /// What names have in common that differ in case and normalisation only.
  package static func key(of name: String) -> String {
    LongText.start(of: name).precomposedStringWithCanonicalMapping.lowercased()
  }

  /// What names have in common that differ in their endings, too.
  package static func stem(of name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return key(of: name) }
    return key(of: String(name[..<dot]))
  }
}
