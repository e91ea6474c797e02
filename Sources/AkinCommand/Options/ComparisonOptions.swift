import ArgumentParser
import Datasets
import Foundation

/// The folder of a comparison of many trainings, and how songs are split for them.
struct ComparisonOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder for all that comes of it; it is made if it is missing.", valueName: "folder"))
  var output: String

  @Option(help: "Keep songs of one album or artist in one part of a split: album or artist.")
  var together: GroupingKey?

  @Flag(help: "Throw away what an earlier run left in the folder, and begin again.")
  var restart = false

  var folder: URL { URL(filePath: output, directoryHint: .isDirectory).absoluteURL }

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output must name a folder") }
  }
}
