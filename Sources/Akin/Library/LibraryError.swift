import Foundation

/// Why a library has no answer.
public enum LibraryError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// No song of the library was embedded by the model.
  case nothingIndexed(model: String, library: String)
  /// Neither a file nor an indexed song.
  case unknownSong(String)
  /// Words that several songs contain.
  case ambiguousSong(String, [String])

  public var description: String {
    switch self {
    case .nothingIndexed(let model, let library):
      """
      the library \(library) holds no song as the model \(model) hears it; run `akin index FOLDER` with that model first
      """
    case .unknownSong(let name):
      "\(name): there is no such file, and no indexed song has these words in its title or artist; check the spelling"
    case .ambiguousSong(let words, let names):
      "several songs match “\(words)”; name one of them:\n" + names.map { "  " + $0 }.joined(separator: "\n")
    }
  }
  public var errorDescription: String? { description }
}
