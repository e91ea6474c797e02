import Foundation

/// A part of an answer: named values in an order, from which JSON and XML are written, so that both say the same.
package struct SubsonicObject: Sendable {
  package private(set) var fields: [(name: String, value: SubsonicValue)] = []

  package init() {}

  /// An object; what is nil is left out.
  package init(_ fields: KeyValuePairs<String, SubsonicValue?>) {
    for (name, value) in fields { self[name] = value }
  }

  /// Adds a value under a name that has none yet; nil adds nothing.
  package subscript(_ name: String) -> SubsonicValue? {
    get { fields.first { $0.name == name }?.value }
    set { if let newValue { fields.append((name, newValue)) } }
  }
}

/// What stands under a name.
package indirect enum SubsonicValue: Sendable {
  case text(String)
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case object(SubsonicObject)
  /// There in JSON even if it is empty.
  case list([SubsonicObject])
  /// Plain values.
  case texts([String])
  case integers([Int])
  /// In XML the text of the element itself.
  case content(String)
  /// In XML an element of its own.
  case element(String)
  /// In XML an attribute, and an element of its own, too.
  case both(Double)
}

extension SubsonicValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  package init(stringLiteral text: String) { self = .text(text) }
  package init(booleanLiteral flag: Bool) { self = .flag(flag) }
  package init(integerLiteral number: Int) { self = .integer(number) }

  /// A moment in seconds since 1970, as ISO 8601 has it.
  static func time(_ seconds: Double) -> SubsonicValue {
    .text(Date(timeIntervalSince1970: seconds).formatted(.iso8601))
  }
}

// MARK: - JSON

extension SubsonicObject {
  /// The object in JSON. (Pages of hundreds of songs are asked for; `JSONEncoder` takes twenty times as long.)
  package var json: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  fileprivate func write(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.write(field.name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      field.value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}

extension SubsonicValue {
  fileprivate func write(to bytes: inout [UInt8]) {
    func writeList<Element>(_ list: [Element], _ write: (Element) -> Void) {
      bytes.append(UInt8(ascii: "["))
      for (index, element) in list.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(element)
      }
      bytes.append(UInt8(ascii: "]"))
    }
    switch self {
    case .object(let object): object.write(to: &bytes)
    case .list(let list): writeList(list) { $0.write(to: &bytes) }
    case .texts(let texts): writeList(texts) { JSONText.write(XMLText.allowed($0), to: &bytes) }
    case .integers(let integers): writeList(integers) { bytes += String($0).utf8 }
    case .text(let text), .content(let text), .element(let text): JSONText.write(XMLText.allowed(text), to: &bytes)
    case .integer, .number, .flag, .both: bytes += plain.utf8
    }
  }
}

/// Texts in JSON.
private enum JSONText {
  static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case ..<0x20: bytes += "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

// MARK: - XML

extension SubsonicObject {
  /// The object as an XML element.
  package func xml(named name: String) -> String {
    var (attributes, children) = ("", "")
    for (name, value) in fields {
      switch value {
      case .text, .integer, .number, .flag, .both: attributes += " \(name)=\"\(XMLText.escaped(value.plain))\""
      default: break
      }
      switch value {
      case .text, .integer, .number, .flag: break
      case .content(let text): children += XMLText.escaped(text)
      case .element, .both: children += "<\(name)>\(XMLText.escaped(value.plain))</\(name)>"
      case .object(let object): children += object.xml(named: name)
      case .list(let list): for object in list { children += object.xml(named: name) }
      case .texts(let texts): for text in texts { children += "<\(name)>\(XMLText.escaped(text))</\(name)>" }
      case .integers(let integers): for integer in integers { children += "<\(name)>\(integer)</\(name)>" }
      }
    }
    return children.isEmpty ? "<\(name)\(attributes)/>" : "<\(name)\(attributes)>\(children)</\(name)>"
  }
}

extension SubsonicValue {
  /// A single value as text.
  fileprivate var plain: String {
    switch self {
    case .text(let text), .content(let text), .element(let text): text
    case .integer(let number): String(number)
    // As in JSON: 1 rather than 1.0.
    case .number(let number), .both(let number):
      number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    case .flag(let flag): flag ? "true" : "false"
    case .object, .list, .texts, .integers: ""
    }
  }
}

/// What a text is in XML 1.0.
enum XMLText {
  /// The text with a mark in the place of characters that XML does not have, such as most control characters.
  static func allowed(_ text: String) -> String {
    // Most have neither control characters nor what UTF-8 begins with this byte.
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0xEF }) else { return text }
    guard text.unicodeScalars.contains(where: { !isAllowed($0) }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isAllowed($0) ? $0 : "\u{FFFD}" }))
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD: true
    case 0..<0x20, 0xFFFE, 0xFFFF: false
    default: true
    }
  }

  /// The text as content or between quotes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in allowed(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // Readers turn them into spaces otherwise.
      case "\n", "\r", "\t": result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
