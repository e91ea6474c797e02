import AudioFeatures
import Foundation
import SongModels

/// Why a library cannot answer.
public enum LibraryError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// No song of the library was embedded by the model.
  case nothingIndexed(model: String, library: String)
  /// The library has no vector of a model that hears nothing.
  case noVectors(model: String, library: String)
  /// Neither a file nor an indexed song; names that are near it.
  case unknownSong(String, near: [String])
  /// A song of the library that the model has not heard.
  case unheardSong(String, model: String)
  /// A song of the library of which a model that hears nothing has no vector.
  case noVector(String, model: String)
  /// Words that several songs contain.
  case ambiguousSong(String, [String])
  /// Several albums of one name.
  case ambiguousAlbum(String, [String])
  /// No artist, album, genre, folder or playlist of that name; names that are near it.
  case unknownName(String, kind: String, near: [String])
  /// Two stations of a path that follow each other and are one song.
  case samePlace(String, String)
  /// A file or a folder that is there, but of which the library has nothing.
  case notIndexed(String)
  /// A playlist or a CUE sheet without songs.
  case noSongs(String)
  /// A playlist of which no song can be used; why one of them cannot.
  case lostSongs(String, count: Int, example: String?)
  /// A folder or a file of several songs where one is asked for; one of them.
  case severalSongs(String, example: String?)
  /// A playlist, which the block list does not know.
  case blockedPlaylist(String)
  /// No event of that number, or one that was undone before.
  case noSuchEvent(Int64)
  /// An indexer is at work on the library, or on one in the same folder, or waits for changes.
  case beingIndexed(String)
  /// A playlist without a seed, or a path with one end.
  case noSeeds
  /// Aspects of the sound were to be weighed or explained, and the model compares songs as a whole.
  case noAspects(model: String)
  /// An aspect was to be weighed that the model does not tell apart.
  case noAspect(SoundAspect, model: String)
  /// All that the model tells apart was to count nothing.
  case noWeights(model: String)
  /// What was learned for the library, from its tags or its listener, cannot be read.
  case unreadableSpace(kind: String, library: String, reason: String)
  /// A song on a path that is not in the library.
  case stationNotIndexed(String)

  /// Vectors from elsewhere, of which none is a song's of the library.
  case noVectorsOfSongs(library: String, example: String)

  /// What is wrong, with what, and what to do.
  public var description: String {
    switch self {
    case .nothingIndexed(let model, let library):
      """
      the library \(library) holds no song that the model \(model) has heard; run `akin index FOLDER` with that model \
      first
      """
    case .noVectors(let model, let library):
      """
      the library \(library) holds no vector of the model \(model), which another program made; bring them in with \
      `akin library add-vectors`
      """
    case .unknownSong(let name, let near):
      "\(name): there is no such file, and nothing in the library has that name; " + Self.remedy(near)
    case .unheardSong(let name, let model):
      "\(name) is in the library, but the model \(model) has not heard it; run `akin index` with that model first"
    case .noVector(let name, let model):
      """
      \(name) is in the library, but the model \(model), whose vectors another program made, has none of it; bring it in \
      with `akin library add-vectors`
      """
    case .ambiguousSong(let words, let names):
      "several songs match “\(words)”; name one of them:\n" + names.map { "  " + $0 }.joined(separator: "\n")
    case .ambiguousAlbum(let name, let albums):
      "several albums are called “\(name)”; name one of them:\n" + albums.map { "  " + $0 }.joined(separator: "\n")
    case .unknownName(let name, let kind, let near):
      "\(name): the library has no \(kind) of that name; " + Self.remedy(near)
    case .noVectorsOfSongs(let library, let example):
      """
      none of the songs is in the library \(library), such as \(example); paths must be those that \
      `akin library vectors` writes
      """
    case .samePlace(let one, let other):
      "a path from \(one) to \(other) begins and ends with one song; name two songs"
    case .notIndexed(let path):
      "\(path): the library has nothing of it; run `akin index` on it first"
    case .noSongs(let path): "\(path): there is no song in it; name another"
    case .lostSongs(let path, let count, let example):
      """
      \(path): none of what it lists can be used (\(count == 1 ? "1 entry" : "\(count) entries"))\
      \(example.map { ", such as: \($0)" } ?? ": addresses are no files"); if the songs have moved, write the list anew
      """
    case .severalSongs(let path, let example):
      "\(path): it holds several songs; name them one by one\(example.map { ", such as \($0)" } ?? "")"
    case .blockedPlaylist(let path):
      "\(path): a playlist cannot be blocked; name artists, albums, genres, folders or songs"
    case .noSuchEvent(let number): "there is no event \(number) that could be undone; see `akin history`"
    case .beingIndexed(let path):
      """
      \(path): akin index is at work on this library or on another in its folder, or waits with --watch; stop it, or wait \
      until it is done
      """
    case .noSeeds: "a playlist needs a seed, and a path two ends; name a song, an artist, an album or a genre"
    case .noAspects(let model):
      """
      the model \(model) compares songs as a whole, without timbre, spectrum and rhythm apart; name the model akin or \
      descriptor
      """
    case .noAspect(let aspect, let model):
      """
      the model \(model) does not tell \(aspect.rawValue) apart; leave it out of the weights, or name a model that is \
      joined of the descriptor and a network
      """
    case .noWeights(let model):
      "nothing of what the model \(model) tells apart counts; give one of the weights a number above 0"
    case .unreadableSpace(let kind, let library, let reason):
      """
      what was learned from the \(kind == "ear" ? "listener" : kind) of the library \(library) cannot be read: \(reason); undo it with \
      `\(kind == "ear" ? "akin ear forget" : "akin learn --forget")`
      """
    case .stationNotIndexed(let name):
      "\(name) is not in the library, and a path is made of indexed songs; run `akin index` on its folder first"
    }
  }

  /// Why a model cannot answer that has heard nothing of a library.
  static func nothingHeard(by model: EmbeddingModel, in library: String) -> Self {
    model.excerpts == nil
      ? .noVectors(model: model.name, library: library) : .nothingIndexed(model: model.name, library: library)
  }

  /// A song that a model has not heard; or of which it has no vector, if it hears nothing.
  static func unheard(_ name: String, by model: EmbeddingModel) -> Self {
    model.excerpts == nil ? .noVector(name, model: model.name) : .unheardSong(name, model: model.name)
  }

  private static func remedy(_ near: [String]) -> String {
    near.isEmpty ? "check the spelling" : "it has " + near.map { "“\($0)”" }.joined(separator: ", ")
  }

  /// The same, for Foundation.
  public var errorDescription: String? { description }
}
