import ArgumentParser
import Datasets
import Files
import Foundation

struct DatasetGroupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "group", abstract: "Fill in the classes of a manifest by the labels that songs share.",
    discussion: """
      As in the paper, songs that share at least two of artist, album, genre and sub-genre belong together. Each class \
      is a group of songs that all share the same two labels, and is named after them, so that one genre cannot chain \
      everything together. A song that fits several groups goes into the one that makes the larger class. Groups with \
      more than --largest songs wait until narrower groups have taken theirs, and are cut to --largest songs if they \
      are still too large. Nothing is drawn at random. Refine the manifest by hand: rename classes, move songs, and \
      delete what does not belong.
      """)

  @Argument(help: ArgumentHelp("The manifest, whose column `class` is ignored.", valueName: "manifest"))
  var manifest: String

  @Option(help: "The least number of songs in a class.")
  var smallest = 10

  @Option(help: "The greatest number of songs in a class.")
  var largest = 100

  @Option(help: "The greatest number of classes, of which the largest are kept (default: all).")
  var classes: Int?

  @Flag(help: "Also keep the songs that are left out, with an empty class.")
  var keep = false

  @OptionGroup var manifestOptions: ManifestOutputOptions
  @OptionGroup var outputOptions: OutputOptions

  private struct Report: Encodable {
    struct Class: Encodable {
      var name: String
      var songs: Int
    }
    var file: String
    var songs, ambiguous: Int
    var classes: [Class]
    var leftOut: [String: Int]
  }

  func validate() throws {
    if smallest < 1 { throw ValidationError("--smallest must be at least 1") }
    if largest < smallest { throw ValidationError("--largest must be at least --smallest, \(smallest)") }
    if let classes, classes < 1 { throw ValidationError("--classes must be at least 1") }
    try manifestOptions.check(json: outputOptions.json)
  }

  func run() throws {
    let terminal = outputOptions.terminal
    try manifestOptions.checkOverwriting()
    let result = SongGrouping(smallest: smallest, largest: largest, classCount: classes).group(
      try readManifest(manifest))
    let classified = result.classified
    for line in summary(result) { terminal.note(line) }
    guard !classified.songs.isEmpty else {
      throw DatasetError(
        path: manifest, reason: "no \(counted(smallest, "song")) share two of artist, album, genre and sub-genre",
        remedy: "Fill these columns, or choose a smaller --smallest.")
    }
    let written = keep ? result.manifest : classified
    try manifestOptions.write(written.moved(to: manifestOptions.folder ?? URL(filePath: "/")))
    if let output = manifestOptions.output, outputOptions.json {
      let sizes = Dictionary(grouping: classified.songs, by: \.className).mapValues(\.count)
      let leftOut = SongGrouping.Reason.allCases.map { ($0.rawValue, result.leftOut[$0]?.count ?? 0) }
      StandardOutput.write(
        JSON.text(
          Report(
            file: output, songs: classified.songs.count, ambiguous: result.ambiguous.count,
            classes: sizes.sorted { $0.key < $1.key }.map { .init(name: $0.key, songs: $0.value) },
            leftOut: Dictionary(uniqueKeysWithValues: leftOut))))
    }
  }

  private func summary(_ result: SongGrouping.Result) -> [String] {
    let classified = result.classified
    let sizes = Dictionary(grouping: classified.songs, by: \.className).values.map(\.count)
    var lines = ["\(counted(classified.songs.count, "song")) in \(counted(sizes.count, "class"))"]
    if let least = sizes.min(), let most = sizes.max() { lines[0] += " of \(least) to \(most)" }
    func explain(_ reason: SongGrouping.Reason, _ why: String) {
      guard let songs = result.leftOut[reason] else { return }
      lines.append("left out \(counted(songs.count, "song")) \(why)")
    }
    explain(.fewLabels, "with fewer than two of artist, album, genre and sub-genre")
    explain(.smallGroup, "that share two labels with too few others for a class of \(smallest)")
    explain(.largeGroup, "of groups with more than --largest \(largest)")
    explain(.manyClasses, "of the smallest classes, beyond --classes \(classes ?? 0)")
    if !result.ambiguous.isEmpty {
      lines.append(
        "\(counted(result.ambiguous.count, "song")) also share two labels with songs of another class: refine by hand")
    }
    return lines
  }
}
