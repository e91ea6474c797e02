import ArgumentParser
import Foundation
import MusicLibrary
import SongModels

struct ModelExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a network as an ONNX file, for programs that run those.",
    discussion: """
      The network of a trained model hears log-mels of excerpts (batch × frames × bands), in dB relative to the loudest \
      of each excerpt and at least -80; how they are made is among the file's properties. A network that was imported \
      is written as it came.
      """)

  @Argument(
    help: ArgumentHelp("A model file or a model of the library (default: the one that answers).", valueName: "model"))
  var name: String?

  @Option(name: .customLong("onnx"), help: ArgumentHelp("The file to write.", valueName: "file"))
  var file: String

  @OptionGroup var library: LibraryOptions
  @OptionGroup var overwriting: OverwriteOptions

  func run() throws {
    let model = try ModelChoice(named: name, catalogue: library.openExisting()).model
    guard let data = model.onnx else {
      let parts: [String] =
        if case .joined(let joined) = model.method {
          joined.parts.filter { $0.model.onnx != nil }.map(\.model.name)
        } else {
          []
        }
      let remedy = parts.isEmpty ? "name a model that is one" : "name its part \(parts.joined(separator: " or "))"
      throw ValidationError("The model \(model.name) is no network, and has no ONNX form: \(remedy).")
    }
    try overwriting.write(data, to: file, as: .network)
  }
}
