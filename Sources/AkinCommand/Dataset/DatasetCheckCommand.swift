import ArgumentParser
import Datasets
import Files
import Foundation
import Training

struct DatasetCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Listen to a dataset and find what is wrong with it.",
    discussion: """
      Finds files that are missing, cannot be decoded, are silent (no sample is louder than 60 dB below full scale, in \
      the whole song or in the middle, which a network hears), are broken off, have channels that cancel each other, \
      or are shorter than a network's excerpt. Finds songs \
      that are there twice: with the same bytes, the same samples, or the same sound, which may be encoded, cut or \
      amplified differently (the first two minutes are compared). Finds classes of a single song. With several \
      manifests, or a folder that `akin dataset split` wrote, it also finds duplicates in different parts, and artists \
      and albums that several parts share.

      Exit status: 0 nothing is wrong; 2 something is wrong; 130 interrupted. Artists and albums in several parts, the \
      balance of the classes, and songs without a class are reported but are not problems; --apart makes artists or \
      albums in several parts a problem.
      """)

  @Argument(help: ArgumentHelp("A manifest, the parts of a split, or a folder with these.", valueName: "manifest"))
  var manifests: [String]

  @Option(
    help: ArgumentHelp(
      "The least length of a song (default: that of the network's excerpt, "
        + "\(decimal(TrainingPreset.standard.excerptSeconds, 1)) s).",
      valueName: "seconds"))
  var seconds: Double?

  @Option(help: "The label that no two parts may share: album or artist.")
  var apart: GroupingKey?

  @OptionGroup var jobs: JobsOptions
  @OptionGroup var outputOptions: OutputOptions

  func validate() throws {
    if manifests.isEmpty || manifests.contains("") { throw ValidationError("Name a manifest.") }
    if let seconds, !(seconds >= 0 && seconds.isFinite) {
      throw ValidationError("--seconds must be a length, 0 or more")
    }
  }

  func run() throws {
    Interruption.listen()
    let terminal = outputOptions.terminal
    let parts = try readParts()
    let check = DatasetCheck(
      excerptSeconds: TrainingPreset.standard.excerptSeconds, shortest: seconds, apart: apart, threads: jobs.count)
    let start = ContinuousClock.now
    let findings = try check.run(parts, shouldStop: { Interruption.isRequested }) { done, total in
      terminal.progress("listening to " + Rate(done: done, total: total, since: start).text(of: "songs"))
    }
    terminal.endProgress()
    guard let findings else {
      terminal.warn("interrupted before the check was complete")
      throw ExitCode.interrupted
    }
    if outputOptions.json {
      StandardOutput.write(JSON.text(DatasetCheckReport(findings), pretty: true))
    } else {
      StandardOutput.write(DatasetCheckText(findings, shortest: check.shortest).text)
    }
    if findings.problemCount > 0 { throw ExitCode.doneInPart }
  }

  private func readParts() throws -> [DatasetCheck.Part] {
    var files: [(name: String, file: URL)] = []
    for name in manifests {
      var isFolder: ObjCBool = false
      let file = URL(filePath: name)
      guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue else {
        files.append((manifests.count == 1 ? file.lastPathComponent : name, file))
        continue
      }
      let found = try DatasetFiles.parts(in: file)
      guard !found.isEmpty else {
        throw DatasetError(
          path: name, reason: "there is no training.csv, validation.csv, test.csv or fold-1.csv in it",
          remedy: "Name manifests, or a folder that `akin dataset split` wrote.")
      }
      files += found.map { (manifests.count == 1 ? $0.name : "\(name)/\($0.name)", $0.file) }
    }
    var seen: Set<String> = []
    return try files.map { name, file in
      guard seen.insert(file.standardizedFileURL.path).inserted else {
        throw DatasetError(path: file.path, reason: "it is named twice", remedy: "Name each part once.")
      }
      return (name, try Manifest(contentsOf: file))
    }
  }
}
