import ArgumentParser
import Datasets
import Files
import Foundation

extension FMADataset.Grouping: ExpressibleByArgument {}
extension FMASubset: ExpressibleByArgument {}

struct DatasetFMACommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fma", abstract: "Make a dataset of FMA, the dataset of the Free Music Archive.",
    discussion: """
      Reads FMA's unpacked archives: fma_metadata with tracks.csv and genres.csv, and fma_small, fma_medium, fma_large \
      or fma_full with the sound. Each subset is part of the next, so a small one is also found in the folder of a \
      large one. Clips that FMA's authors know to be broken and songs that are not on disk are left out and counted. \
      With --official-split the output is a folder with training.csv, validation.csv and test.csv of FMA's own split, \
      which have no artist in common.
      """)

  @Argument(
    help: ArgumentHelp("The folder that holds fma_small or the like, or that folder itself.", valueName: "folder"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "The folder with tracks.csv and genres.csv (default: fma_metadata in the folder or beside it).",
      valueName: "folder"))
  var metadata: String?

  @Option(help: "small, medium, large or full (default: the one that is there).")
  var subset: FMASubset?

  @Option(name: .customLong("class"), help: "The label that makes the classes: artist, album, genre or subgenre.")
  var grouping = FMADataset.Grouping.genre

  @Option(help: "The least number of songs in a class.")
  var minimum = 2

  @Flag(help: "Write FMA's own split: three manifests in the folder that --output names.")
  var officialSplit = false

  @OptionGroup var manifestOptions: ManifestOutputOptions
  @OptionGroup var outputOptions: OutputOptions

  private struct Report: Encodable {
    var file, subset: String
    var songs, classes, listed, withoutClass, inSmallClasses, smallClasses: Int
    var broken: [Int]
    var missing: [String]
  }

  func validate() throws {
    if minimum < 1 { throw ValidationError("--minimum must be at least 1") }
    if officialSplit && manifestOptions.output == nil {
      throw ValidationError("--official-split writes three manifests: name a folder for them with --output.")
    }
    try manifestOptions.check(json: outputOptions.json)
  }

  func run() throws {
    let terminal = outputOptions.terminal
    if !officialSplit { try manifestOptions.checkOverwriting() }
    let layout = try FMALayout(root: folder, metadata: metadata, subset: subset)
    terminal.progress("reading FMA's metadata")
    let target = officialSplit ? manifestOptions.output.map { URL(filePath: $0).absoluteURL } : manifestOptions.folder
    let result = try FMADataset(layout: layout, grouping: grouping, minimum: minimum).make(manifestFolder: target)
    terminal.endProgress()
    try check(result, layout)
    if officialSplit, let target {
      try DatasetFiles.makeFolder(target)
      try result.officialParts().write(to: target)
    } else {
      try manifestOptions.write(result.manifest)
    }
    for line in summary(result, layout) { terminal.note(line) }
    if let output = manifestOptions.output, outputOptions.json {
      StandardOutput.write(
        JSON.text(
          Report(
            file: output, subset: layout.subset.rawValue, songs: result.manifest.songs.count,
            classes: result.manifest.classNames.count, listed: result.listed, withoutClass: result.withoutClass,
            inSmallClasses: result.inSmallClasses, smallClasses: result.smallClasses, broken: result.broken,
            missing: result.missing)))
    }
    if !result.missing.isEmpty { throw ExitCode.doneInPart }
  }

  private func check(_ result: FMADataset.Result, _ layout: FMALayout) throws(DatasetError) {
    guard result.manifest.songs.isEmpty else { return }
    guard result.listed > 0 else {
      throw DatasetError(
        path: layout.metadata.path, reason: "it lists no song of the subset \(layout.subset)",
        remedy: "Choose another --subset, or unpack fma_metadata.zip again.")
    }
    if result.missing.count + result.broken.count == result.listed {
      throw DatasetError(
        path: layout.audio.path,
        reason: "none of the \(counted(result.listed, "song")) of the subset \(layout.subset) is in it",
        remedy: "Unpack \(layout.subset.folderName).zip there; a song lies at 000/000002.mp3.")
    }
    throw DatasetError(
      path: layout.audio.path, reason: "no \(grouping.rawValue) has \(counted(minimum, "song")) or more",
      remedy: "Choose another --class or a smaller --minimum.")
  }

  private func summary(_ result: FMADataset.Result, _ layout: FMALayout) -> [String] {
    let songs = counted(result.manifest.songs.count, "song")
    var lines = [
      "\(songs) of the \(result.listed) of FMA's subset \(layout.subset), in "
        + "\(counted(result.manifest.classNames.count, "class")) by \(grouping), from \(layout.audio.path)"
    ]
    if !result.broken.isEmpty {
      lines.append("left out \(counted(result.broken.count, "clip")) that FMA's authors know to be broken")
    }
    if let first = result.missing.first {
      lines.append(
        "left out \(counted(result.missing.count, "song")) that "
          + "\(result.missing.count == 1 ? "is" : "are") not on disk, such as \(first)")
    }
    if result.withoutClass > 0 {
      lines.append("left out \(counted(result.withoutClass, "song")) without \(grouping)")
    }
    if result.inSmallClasses > 0 {
      lines.append(
        "left out \(counted(result.inSmallClasses, "song")) of \(counted(result.smallClasses, "class")) "
          + "with fewer than \(minimum)")
    }
    if officialSplit && (grouping == .artist || grouping == .album) {
      lines.append(
        "FMA's own split has each artist in one part, so no class by \(grouping) is in two parts: `akin train` cannot "
          + "use the validation songs. Choose --class genre or subgenre, or use `akin dataset split`.")
    }
    return lines
  }
}
