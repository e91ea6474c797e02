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

  /// The model.
  func choose(catalogue: Catalogue?) throws -> EmbeddingModel {
    try ModelChoice(named: name, catalogue: catalogue).model
  }
}
