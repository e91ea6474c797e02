import Foundation

/// Why a map cannot be made.
public enum MapError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// The library holds one song only, which has nothing to lie near to.
  case oneSong(library: String)
  /// `progress` said to stop.
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
