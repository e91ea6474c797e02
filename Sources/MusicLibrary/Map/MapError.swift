import Foundation

/// Why there is no map.
public enum MapError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// The library holds one song only, which lies nowhere in particular.
  case oneSong(library: String)
  /// Whoever asked for it said stop.
  case interrupted

  /// What is wrong, with what, and what to do.
  public var description: String {
    switch self {
    case .oneSong(let library):
      "the library \(library) holds one song only; a map needs two or more: run `akin index FOLDER` first"
    case .interrupted: "the map was interrupted before it was done"
    }
  }
  /// The same, for Foundation.
  public var errorDescription: String? { description }
}
