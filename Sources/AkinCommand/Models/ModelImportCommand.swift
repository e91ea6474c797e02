import ArgumentParser
import Files
import Foundation
import MusicLibrary
import SongModels

struct ModelImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make an audio network of another program a model of the library.",
    discussion: """
      Takes an ONNX file, keeps it in the library, and runs it with ONNX Runtime, which `Scripts/bootstrap onnx` \
      installs. Then `akin index` listens with it. What the network hears is described by a preset and options; its \
      answers to patches of a song are pooled to one vector.

        akin model import musicnn.onnx --preset musicnn --join akin:1 --weight 0.5
        akin model import network.onnx --input mel --rate 16000 --bands 64 --patch 96 --layout bctm --output-name embedding

      Joined with another model, songs are as alike as the weighted mean of what the models say. Importing the same \
      network with other weights changes how songs are compared, without listening again.
      """)

  @Argument(help: ArgumentHelp("The network.", valueName: "file.onnx"))
  var file: String

  @Option(help: ArgumentHelp("What to call the model (default: as the file is called).", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Join it with another model, which counts so much (default: 1). May be given several times.",
      valueName: "model:weight"))
  var join: [String] = []

  @Option(help: ArgumentHelp("How much the network itself counts beside the models that it is joined with."))
  var weight = 1.0

  @Flag(inversion: .prefixedNo, help: "Let it answer for the library when no model is named.")
  var adopt = true

  @OptionGroup var network: NetworkOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var notes: QuietOptions

  func validate() throws {
    for text in join { _ = try Self.part(text) }
    guard JoinedModel.weights.contains(weight) else {
      throw ValidationError("--weight lies between 0.001 and 1000.")
    }
  }

  func run() throws {
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: file)) } catch {
      throw FileError(path: file, reason: "it cannot be read: \(error.systemReason)", remedy: "Name an ONNX file.")
    }
    let catalogue = try library.open()
    let imported = try ImportedNetwork(
      network: data, file: file, name: name ?? Self.name(ofFile: file), description: network.description())
    var model = EmbeddingModel.imported(imported)
    if !join.isEmpty {
      let others = try join.map { text in
        let (name, weight) = try Self.part(text)
        return JoinedModel.Part(try ModelChoice(named: name, catalogue: catalogue).model, weight: weight)
      }
      model = .joined(try JoinedModel(others + [.init(model, weight: weight)]))
    }
    try adopt ? catalogue.adopt(model) : catalogue.keep(model)
    StandardOutput.write(model.name)
    notes.terminal.note(
      "\(model.dimension) numbers a song; "
        + (adopt
          ? "it answers from now on: let it listen with `akin index`"
          : "let it listen with `akin index --model \(model.name)`"))
  }

  /// A model's name and its weight: “descriptor:0.5”.
  private static func part(_ text: String) throws -> (name: String, weight: Double) {
    guard let colon = text.lastIndex(of: ":") else { return (text, 1) }
    guard colon != text.startIndex, let weight = Double(text[text.index(after: colon)...]),
      JoinedModel.weights.contains(weight)
    else {
      throw ValidationError("“\(text)” in --join is no model with a weight from 0.001 to 1000: write descriptor:0.5.")
    }
    return (String(text[..<colon]), weight)
  }

  /// A file's name without its ending, and with - for what cannot be in a model's name.
  private static func name(ofFile path: String) -> String {
    let stem = URL(filePath: path).deletingPathExtension().lastPathComponent
    return String(stem.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
  }
}
