/// The fields of a file's tags as they were read: a file may hold several kinds of tags, and a tag several values of a
/// field.
///
/// Each field is that of the first kind that has it: kinds are added in the order in which they are to be believed.
package struct TagFields {
  private var fields: [String: Field] = [:]

  private struct Field {
    let kind: String
    var values: [String]
    /// Whether a value beyond ASCII does not declare its code page.
    var isUndeclared: Bool
  }

  /// No fields.
  package init() {}

  /// Adds a value of a field. Names are compared without case, spaces and punctuation: "Album Artist" is `ALBUMARTIST`.
  ///
  /// - Parameters:
  ///   - kind: such as `ID3v2.3`.
  ///   - isDeclared: whether the tag says what its bytes mean; if not, they were read as Latin-1.
  package mutating func add(_ value: String, to name: String, kind: String, isDeclared: Bool = true) {
    let (name, value) = (Self.key(name), Self.cleaned(value))
    guard !name.isEmpty, !value.isEmpty else { return }
    let isUndeclared = !isDeclared && !value.utf8.allSatisfy { $0 < 0x80 }
    guard let known = fields[name] else {
      return fields[name] = Field(kind: kind, values: [value], isUndeclared: isUndeclared)
    }
    guard known.kind == kind, !known.values.contains(value) else { return }
    fields[name]?.values.append(value)
    if isUndeclared { fields[name]?.isUndeclared = true }
  }

  /// Whether the first of these fields that there is does not declare its code page.
  func isUndeclared(_ names: String...) -> Bool { field(names)?.isUndeclared ?? false }

  /// The values of the first of these fields that there is.
  func values(_ names: String...) -> [String] { field(names)?.values ?? [] }

  /// The first value of the first of these fields that there is.
  func value(_ names: String...) -> String? { field(names)?.values.first }

  /// The single values of the first of these fields that there is: taggers write several into one text too.
  ///
  /// A semicolon separates everywhere. A slash does so in ID3v2.3 and before, in the fields whose definition says so
  /// (TPE1, TCOM), if there are no blanks around it and no part is as short as those of "AC/DC".
  func list(_ names: String..., slashesSeparate: Bool = false) -> [String] {
    guard let field = field(names) else { return [] }
    let isOldID3 = field.kind == "ID3v2.3" || field.kind == "ID3v2.2"
    let values = field.values.flatMap { Self.parts($0, slashesSeparate: slashesSeparate && isOldID3) }
    guard values.count > 1 else { return values }
    // A name that is there in two spellings is there once.
    var keys: Set<String> = []
    return values.filter { keys.insert(NameKey.key(of: $0)).inserted }
  }

  private func field(_ names: [String]) -> Field? {
    names.lazy.compactMap { fields[$0] }.first
  }

  private static let shortestPart = 3

  private static func parts(_ value: String, slashesSeparate: Bool) -> [String] {
    let parts = separated(value).map(cleaned)
    guard slashesSeparate else { return parts.filter { !$0.isEmpty } }
    return parts.flatMap { part in
      let between = part.split(separator: "/", omittingEmptySubsequences: false)
      let isList = between.allSatisfy { $0.count >= shortestPart && $0.first != " " && $0.last != " " }
      return isList ? between.map(String.init) : [part]
    }.filter { !$0.isEmpty }
  }

  /// What semicolons separate, but for those that end an HTML entity, as in "Simon &amp; Garfunkel".
  private static func separated(_ value: String) -> [String] {
    let parts = value.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, value.contains("&") else { return parts }
    let entity =
      #/
      & (?:
        amp | lt | gt | quot | apos | nbsp | \#\d+ | \#[xX][0-9A-Fa-f]+ | (?: ae | AE | oe | OE | sz ) lig
        | [A-Za-z] (?: acute | grave | circ | uml | tilde | cedil | ring | slash | caron )
      ) $
      /#
    var whole: [String] = []
    for part in parts {
      if let last = whole.last, last.contains(entity) {
        whole[whole.count - 1] = "\(last);\(part)"
      } else {
        whole.append(part)
      }
    }
    return whole
  }

  private static func key(_ name: String) -> String {
    String(String.UnicodeScalarView(name.uppercased().unicodeScalars.filter { $0.properties.isAlphanumeric }))
  }

  /// Without surrounding blanks, and without what C programs end a text with.
  ///
  /// U+0080 to U+009F stay: they may be halves of characters of an old code page (`LegacyCharset`).
  private static func cleaned(_ value: String) -> String {
    let blank: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace && $0.value != 0x85 || $0.value < 0x20 }
    let scalars = value.unicodeScalars
    guard let first = scalars.firstIndex(where: { !blank($0) }), let last = scalars.lastIndex(where: { !blank($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isAlphanumeric: Bool { isAlphabetic || numericType != nil }
}
