import Files
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

extension SubsonicObject: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    for (name, value) in fields { try container.encode(value, forKey: AnyKey(stringValue: name)) }
  }
}

extension SubsonicValue: Encodable {
  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let object): try object.encode(to: encoder)
    case .list(let list): try list.encode(to: encoder)
    case .texts(let texts): try texts.map(XMLText.allowed).encode(to: encoder)
    case .integers(let integers): try integers.encode(to: encoder)
    case .text(let text), .content(let text), .element(let text): try XMLText.allowed(text).encode(to: encoder)
    case .integer(let number): try number.encode(to: encoder)
    case .number(let number), .both(let number): try number.encode(to: encoder)
    case .flag(let flag): try flag.encode(to: encoder)
    }
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
    case .number(let number), .both(let number): JSON.text(number)
    case .flag(let flag): flag ? "true" : "false"
    case .object, .list, .texts, .integers: ""
    }
  }
}

/// What a text is in XML 1.0.
enum XMLText {
  /// The text with a mark in the place of characters that XML does not have, such as most control characters.
  static func allowed(_ text: String) -> String {
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
