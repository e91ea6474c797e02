import Catalogue
import Foundation
import Hummingbird

/// A request of a player, after its login.
struct SubsonicCall: Sendable {
  let parameters: RequestParameters
  /// Under which name things are kept: the user's, or nothing as long as there is no user.
  let owner: String
  /// The user's name, as it is shown.
  let user: String
  /// Whether an API key was presented.
  let hasKey: Bool

  /// The name of the player.
  var client: String { parameters.list("c").first.flatMap { $0.isEmpty ? nil : String($0.prefix(100)) } ?? "player" }

  func required(_ name: String) throws -> String {
    guard let text = try parameters.text(name) else { throw MissingParameter(name: name) }
    return text
  }

  /// A whole number; one that is too large is as large as it may be.
  func integer(_ name: String, in range: ClosedRange<Int>, otherwise standard: Int) throws -> Int {
    guard let text = try parameters.text(name), !text.isEmpty else { return standard }
    guard let number = Int(text), number >= range.lowerBound else {
      throw Problem.parameter(name, "“\(text)” is no whole number from \(range.lowerBound) on")
    }
    return min(number, range.upperBound)
  }

  func requiredInteger(_ name: String, in range: ClosedRange<Int>) throws -> Int {
    let text = try required(name)
    guard let number = Int(text), range.contains(number) else {
      throw Problem.parameter(name, "“\(text)” is no whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Which part of a list is asked for.
  func page(_ count: String, _ offset: String = "offset", most: Int = 500, otherwise standard: Int) throws -> Part {
    Part(
      offset: try integer(offset, in: 0...Int(Int32.max), otherwise: 0),
      count: try integer(count, in: 0...most, otherwise: standard))
  }

  struct Part {
    let offset, count: Int
    func of<Elements: Swift.Collection>(_ all: Elements) -> Elements.SubSequence {
      all.dropFirst(offset).prefix(count)
    }
  }

  /// The one folder of music that there is may be named.
  func checkMusicFolder() throws {
    let id = try parameters.text("musicFolderId") ?? ""
    guard ["", SubsonicID.musicFolder].contains(id) else { throw SubsonicError.missing("music folder \(id)") }
  }
}

/// What an identifier names. All are different texts: players mix them.
enum SubsonicID {
  case song(TrackID), album(String), artist(String), playlist(Int64)

  /// The folder that stands for all folders that were indexed.
  static let musicFolder = "1"

  init?(_ text: String) {
    let rest = String(text.dropFirst(3))
    switch text.prefix(3) {
    case "so-": if let id = Int64(rest) { self = .song(TrackID(rawValue: id)) } else { return nil }
    case "al-": self = .album(text)
    case "ar-": self = .artist(text)
    case "pl-": if let id = Int64(rest) { self = .playlist(id) } else { return nil }
    default: return nil
    }
  }

  static func text(_ id: TrackID) -> String { "so-\(id.rawValue)" }
}
