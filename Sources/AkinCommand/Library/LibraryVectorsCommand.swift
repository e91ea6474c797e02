import ArgumentParser
import Catalogue
import Files
import Foundation
import MusicLibrary
import SongModels

struct LibraryVectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors", abstract: "Write the vectors of all songs, for other programs.",
    discussion: """
      --npy writes an array of songs × numbers (float32) and, beside it, the songs' paths as a list in JSON: \
      vectors.npy and vectors.paths.json. --jsonl writes {"embedding":[…],"path":"…"} a line, which pandas, DuckDB and \
      pyarrow read. The vectors are the model's own: what a search does with them (standardising them over the \
      collection, taking hubs out) is not in them.
      """)

  @Option(help: ArgumentHelp("Write an array for NumPy, and the paths beside it.", valueName: "file"))
  var npy: String?

  @Option(help: ArgumentHelp("Write JSON Lines; - prints them.", valueName: "file"))
  var jsonl: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var notes: QuietOptions

  func validate() throws {
    if npy == nil && jsonl == nil { throw ValidationError("Give --npy FILE or --jsonl FILE.") }
    if npy == "" || jsonl == "" { throw ValidationError("Name a file.") }
    if let npy, !npy.lowercased().hasSuffix(".npy") { throw ValidationError("The name of an array ends in .npy.") }
  }

  func run() throws {
    if let npy {
      try overwriting.check(npy, is: .array)
      try overwriting.check(VectorTable.pathsFile(of: npy), is: .json)
    }
    if let jsonl, jsonl != "-" { try overwriting.check(jsonl, is: .json) }
    let catalogue = try library.openRequired()
    let table = try VectorTable(model: model.choose(catalogue: catalogue), in: catalogue)
    if let npy { try table.writeNPY(to: npy) }
    if jsonl == "-" {
      for row in table.paths.indices { StandardOutput.writeFile(table.jsonLine(row) + "\n") }
    } else if let jsonl {
      var data = Data()
      for row in table.paths.indices { data += Data((table.jsonLine(row) + "\n").utf8) }
      try FileError.write(data, to: URL(filePath: jsonl))
    }
    notes.terminal.note("\(counted(table.paths.count, "song")), \(table.dimension) numbers each")
  }
}

struct LibraryAddVectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-vectors", abstract: "Bring in vectors that another program made of the songs.",
    discussion: """
      Reads what akin library vectors writes: JSON Lines, or name.npy with name.paths.json. The songs must be in the \
      library. Then `akin similar SONG --model NAME` and all other questions compare them by the cosine. Vectors that the \
      name had before are replaced.
      """)

  @Argument(help: "What the model is to be called.")
  var name: String

  @Argument(help: ArgumentHelp("The vectors: a .npy file, or JSON Lines.", valueName: "file"))
  var file: String

  @OptionGroup var library: LibraryOptions
  @OptionGroup var notes: QuietOptions

  func validate() throws {
    if ForeignModel(name: name, dimension: 1) == nil {
      throw ValidationError(
        "A model's name has letters, digits, -, _ and . only, and is not one of \(EmbeddingModel.builtInNames.joined(separator: ", "))."
      )
    }
  }

  func run() throws {
    let catalogue = try library.openRequiredToWrite()
    let table = try VectorTable(file: file)
    guard let model = ForeignModel(name: name, dimension: table.dimension) else { return try validate() }
    let unknown = try catalogue.add(table, of: model)
    let terminal = notes.terminal
    for path in unknown.prefix(10) { terminal.warn("left out: \(shownPath(path)) is not in the library") }
    if unknown.count > 10 { terminal.warn("left out: \(unknown.count - 10) more that are not in the library") }
    terminal.note("\(counted(table.paths.count - unknown.count, "song")); akin similar SONG --model \(name)")
    if !unknown.isEmpty { throw ExitCode.doneInPart }
  }
}
