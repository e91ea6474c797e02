import Akin
import ArgumentParser
import Foundation

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Make datasets to learn from and to measure with.",
    discussion: """
      A dataset is a CSV manifest, path,artist,album,genre,subgenre,class and columns of your own, one song a line. \
      The usual way: `folder` or `fma` makes one, `group` fills the classes as the paper does, a person refines them, \
      `check` finds what is wrong with the sound, and `split` makes the parts for `akin train` and `akin evaluate`.
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

  /// Where relative paths of the manifest start; without a file there is no such folder.
  var folder: URL? { output.map { URL(filePath: $0).absoluteURL.deletingLastPathComponent() } }

  /// Checks the place, before much is read rather than after.
  func check(json: Bool) throws {
    guard let output, let folder else {
      guard json else { return }
      throw ValidationError("--json describes the manifest that --output writes; without --output the CSV is printed.")
    }
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw ValidationError("There is no folder \(folder.path) to write \(output) in; make it first.")
    }
  }

  /// Writes the manifest, or prints it.
  func write(_ manifest: Manifest) throws {
    if let output {
      try manifest.write(to: URL(filePath: output))
    } else {
      print(manifest.text, terminator: "")
    }
  }
}

/// "1 song", "12 songs", "1 class", "3 classes"
func counted(_ count: Int, _ thing: String) -> String {
  let plural = thing.hasSuffix("s") ? thing + "es" : thing + "s"
  return "\(count) \(count == 1 ? thing : plural)"
}
