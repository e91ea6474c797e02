import Foundation
import Hummingbird

/// The parameters of a request: of its query, and of a form in its body. Each is there once unless it is a list; one that
/// nobody asks for is a mistake.
struct RequestParameters: Sendable {
  private let values: [String: [String]]

  /// The parameters of a query.
  ///
  /// - Parameter known: All that are allowed; nil for any.
  /// - Throws: `Problem` for one that is not allowed, or that is no text.
  init(_ request: Request, known: Set<String>?) throws {
    try self.init(encoded: request.uri.query ?? "", known: known)
  }

  /// The parameters of a form, such as `a=1&b=2`.
  init(encoded: String, known: Set<String>?) throws {
    var values: [String: [String]] = [:]
    for pair in encoded.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let (name, value) = (try Self.decoded(parts[0]), try parts.count > 1 ? Self.decoded(parts[1]) : "")
      if let known, !known.contains(name) {
        throw Problem(
          .badRequest, "there is no parameter “\(name)” here; there are \(known.sorted().joined(separator: ", "))")
      }
      values[name, default: []].append(value)
    }
    self.values = values
  }

  /// All but some, as a text that is the same for the same parameters.
  func text(without names: Set<String>) -> String {
    // A name may have any character in it: lengths tell where each of them ends.
    values.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
      .flatMap { [$0.key, "\($0.value.count)"] + $0.value }
      .map { "\($0.utf8.count):\($0)" }.joined()
  }

  /// These, and more.
  func and(_ more: RequestParameters) -> RequestParameters {
    RequestParameters(values: values.merging(more.values) { $0 + $1 })
  }

  private init(values: [String: [String]]) { self.values = values }

  private static func decoded(_ text: Substring) throws -> String {
    guard let decoded = String(text).replacing("+", with: " ").removingPercentEncoding else {
      throw Problem(.badRequest, "“\(text)” is no percent-encoded UTF-8")
    }
    guard !decoded.contains("\0") else { throw Problem(.badRequest, "“\(text)” has the character 0 in it") }
    return decoded
  }

  /// All values of a parameter.
  func list(_ name: String) -> [String] { values[name] ?? [] }

  /// The value; nil if there is none.
  func text(_ name: String) throws -> String? {
    let all = list(name)
    guard all.count < 2 else { throw Problem.parameter(name, "is there \(all.count) times") }
    return all.first
  }

  /// The value.
  func required(_ name: String) throws -> String {
    guard let text = try text(name) else { throw Problem.parameter(name, "is missing") }
    return text
  }

  /// A whole number.
  func integer(_ name: String, in range: ClosedRange<Int>, otherwise standard: Int) throws -> Int {
    guard let text = try text(name) else { return standard }
    guard let number = Int(text), range.contains(number) else {
      throw Problem.parameter(name, "“\(text)” is no whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number; nil if there is none.
  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = try text(name) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw Problem.parameter(name, "“\(text)” is no number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Whether something is to be so: `true` or `false`.
  func flag(_ name: String, otherwise standard: Bool = false) throws -> Bool {
    switch try text(name) {
    case nil: standard
    case "true", "1": true
    case "false", "0": false
    case let text?: throw Problem.parameter(name, "“\(text)” is neither true nor false")
    }
  }

  /// One of some words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, otherwise standard: Choice
  ) throws -> Choice where Choice.RawValue == String {
    guard let text = try text(name) else { return standard }
    guard let choice = Choice(rawValue: text) else {
      throw Problem.parameter(name, "“\(text)” is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }
}
