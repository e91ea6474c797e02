import Foundation

/// Why a library cannot answer.
public enum LibraryError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// No song of the library was embedded by the model.
  case nothingIndexed(model: String, library: String)
  /// Neither a file nor an indexed song.
  case unknownSong(String)
  /// A song of the library that the model has not heard.
  case unheardSong(String, model: String)
  /// Words that several songs contain.
  case ambiguousSong(String, [String])

  /// What is wrong, with what, and what to do.
  public var description: String {
    switch self {
    case .nothingIndexed(let model, let library):
      """
      the library \(library) holds no song that the model \(model) has heard; run `akin index FOLDER` with that model \
      first
      """
    case .unknownSong(let name):
      "\(name): there is no such file, and no indexed song has these words in its title or artist; check the spelling"
    case .unheardSong(let name, let model):
      "\(name) is in the library, but the model \(model) has not heard it; run `akin index` with that model first"
    case .ambiguousSong(let words, let names):
      "several songs match “\(words)”; name one of them:\n" + names.map { "  " + $0 }.joined(separator: "\n")
    }
  }
  /// The same, for Foundation.
  public var errorDescription: String? { description }
}
