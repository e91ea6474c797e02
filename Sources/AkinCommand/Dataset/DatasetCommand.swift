import ArgumentParser
import Datasets
import Files
import Foundation

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Make datasets to learn from and to measure with.",
    discussion: """
      A dataset is a CSV manifest with one song a line and the columns path,artist,album,genre,subgenre,class and any \
      of your own. The usual way: `folder` or `fma` makes a manifest, `group` fills in the classes as the paper does, \
      you refine them by hand, `check` finds what is wrong with the sound, and `split` makes the parts for `akin \
      train` and `akin evaluate`.
      """,
    subcommands: [
      DatasetFolderCommand.self, DatasetFMACommand.self, DatasetGroupCommand.self, DatasetCheckCommand.self,
      DatasetSplitCommand.self,
    ])
}

/// Where a command writes its manifest.
struct ManifestOutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The manifest to write (default: standard output).", valueName: "file"))
  var output: String?

  @OptionGroup var overwriting: OverwriteOptions

  /// The folder at which relative paths of the manifest start; nil without a file.
  var folder: URL? { output.map { URL(filePath: $0).absoluteURL.deletingLastPathComponent() } }

  /// Checks that the manifest can be written, before much is read rather than after.
  func check(json: Bool) throws {
    guard let output, let folder else {
      guard json else { return }
      throw ValidationError("--json describes the manifest that --output writes; without --output the CSV is printed.")
    }
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw ValidationError("There is no folder \(folder.path) to write \(output) in; make it first.")
    }
  }

  /// Refuses to overwrite what is no manifest, before much is read rather than after.
  func checkOverwriting() throws(FileError) {
    if let output { try overwriting.check(output, is: .manifest) }
  }

  /// Writes the manifest, or prints it.
  func write(_ manifest: Manifest) throws {
    if let output {
      try overwriting.check(output, is: .manifest)
      try manifest.write(to: URL(filePath: output))
    } else {
      StandardOutput.writeFile(manifest.text)
    }
  }
}

/// "1 song", "12 songs", "1 class", "3 classes"
func counted(_ count: Int, _ thing: String) -> String {
  let plural = thing.hasSuffix("s") ? thing + "es" : thing + "s"
  return "\(count) \(count == 1 ? thing : plural)"
}
