import AudioDecoding
import MusicLibrary

/// What is said of an error that ends a command.
enum FailureText {
  /// One line, whatever names it has in it; several if the error lists songs to choose from.
  ///
  /// - Parameter message: how the error describes itself.
  static func text(of error: any Error, otherwise message: String) -> String {
    switch error {
    case let error as AudioDecodingError:
      // Its `errorDescription` leaves the remedy to dialogues that show it apart.
      visible(shortened(error.description))
    case LibraryError.ambiguousSong(let words, let names):
      LibraryError.ambiguousSong(visible(shortened(words)), names.map { visible(shortened($0)) }).description
    case LibraryError.ambiguousAlbum(let name, let albums):
      LibraryError.ambiguousAlbum(visible(shortened(name)), albums.map { visible(shortened($0)) }).description
    default: visible(shortened(message))
    }
  }
}
