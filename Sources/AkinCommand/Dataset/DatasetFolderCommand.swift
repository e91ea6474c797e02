import ArgumentParser
import AudioFiles
import Datasets
import Files
import Foundation

extension FolderDataset.Grouping: ExpressibleByArgument {}

struct DatasetFolderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "folder", abstract: "Make a dataset of a folder of tagged music.",
    discussion: """
      Writes a CSV manifest with the columns path,artist,album,genre,subgenre,class,title. Refine it by hand: delete \
      songs that do not belong, and rename classes. Songs without the tag and classes that are too small are left out \
      and counted. A file with several names, such as links, is one song.

      \(AudioFileEndings.text)
      """)

  @Argument(help: ArgumentHelp("The folder.", valueName: "folder"))
  var folder: String

  @Option(name: .customLong("class"), help: "The label that makes the classes: artist, album, genre or folder.")
  var grouping = FolderDataset.Grouping.artist

  @Option(help: "The least number of songs in a class.")
  var minimum = 2

  @Flag(help: "Take videos as songs, too.")
  var video = false

  @OptionGroup var charset: CharsetOptions

  @OptionGroup var manifestOptions: ManifestOutputOptions

  @OptionGroup var jobs: JobsOptions

  @OptionGroup var outputOptions: OutputOptions

  private struct Report: Encodable {
    var file: String
    var songs, classes, withoutClass, inSmallClasses, smallClasses: Int
    var skipped: [SkippedFile]
    var leftOut: [String: Int]
    var videos: Int
  }

  func validate() throws {
    if minimum < 1 { throw ValidationError("--minimum must be at least 1") }
    try manifestOptions.check(json: outputOptions.json)
  }

  func run() throws {
    let terminal = outputOptions.terminal
    try manifestOptions.checkOverwriting()
    let start = ContinuousClock.now
    let dataset = FolderDataset(
      grouping: grouping, minimum: minimum, threads: jobs.count, videos: video, charset: charset.named)
    let result = try dataset.make(from: folder, manifestFolder: manifestOptions.folder) { done, total in
      terminal.progress("reading tags of " + Rate(done: done, total: total, since: start).text(of: "songs"))
    }
    terminal.endProgress()
    terminal.warn(leftOut: result.skipped)
    terminal.note(Self.summary(result, grouping: grouping, minimum: minimum))
    if let leftOut = LeftOutFiles.text(result.leftOut, videos: result.videos) { terminal.note(leftOut) }
    guard !result.manifest.songs.isEmpty else {
      throw DatasetError(
        path: folder, reason: "no \(grouping.rawValue) has \(minimum) songs or more",
        remedy: "Choose another --class or a smaller --minimum.")
    }
    try manifestOptions.write(result.manifest)
    if let output = manifestOptions.output, outputOptions.json {
      StandardOutput.write(
        JSON.text(
          Report(
            file: output, songs: result.manifest.songs.count, classes: result.manifest.classNames.count,
            withoutClass: result.withoutClass, inSmallClasses: result.inSmallClasses,
            smallClasses: result.smallClasses,
            skipped: [SkippedFile](result.skipped), leftOut: result.leftOut, videos: result.videos)))
    }
    if !result.skipped.isEmpty { throw ExitCode.doneInPart }
  }

  static func summary(_ result: FolderDataset.Result, grouping: FolderDataset.Grouping, minimum: Int) -> String {
    let (songs, classes) = (result.manifest.songs.count, result.manifest.classNames.count)
    var text = "\(counted(songs, "song")) in \(counted(classes, "class")) by \(grouping)"
    if result.inSmallClasses > 0 {
      text += "; left out \(counted(result.inSmallClasses, "song")) of \(counted(result.smallClasses, "class")) "
      text += "with fewer than \(minimum)"
    }
    if result.withoutClass > 0 {
      text += "; \(counted(result.withoutClass, "song")) \(result.withoutClass == 1 ? "has" : "have") no \(grouping)"
    }
    return text
  }
}
