import ArgumentParser
import Catalogue
import MusicLibrary
import SongModels

/// Which model answers.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      """
      \(EmbeddingModel.builtInNames.joined(separator: ", ")), a model file, or a model of the library \
      (default: the library's trained model, or else akin, the one in the box).
      """, valueName: "name|file"))
  var name: String?

  /// The model that answers; says if it is not the library's current one, which has not heard all songs yet.
  func chooseAnswering(catalogue: Catalogue, terminal: Terminal) throws -> EmbeddingModel {
    let choice = try ModelChoice(answering: name, catalogue: catalogue)
    if let note = choice.note { terminal.note(note) }
    return choice.model
  }

  /// The model that listens.
  ///
  /// - Parameter excerpts: how many excerpts of a song it hears; nil for as many as it does anyway.
  func choose(hearing excerpts: Excerpts? = nil, catalogue: Catalogue?) throws -> EmbeddingModel {
    try ModelChoice(named: name, hearing: excerpts, catalogue: catalogue).model
  }
}
