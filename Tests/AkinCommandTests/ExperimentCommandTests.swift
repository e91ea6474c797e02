import Foundation
import TestSupport
import Testing

@Suite(.needsTheProgram) struct ExperimentCommandTests {
  private let folder: TemporaryFolder
  private let small = ["--classes-per-batch", "3", "--songs-per-class", "2", "--pretrain-epochs", "1", "--epochs", "1"]

  init() throws {
    folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 3, variants: 5, in: folder("music"))
    _ = try AkinProcess.run(["dataset", "folder", "music", "--output", "my songs.csv"], in: folder)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: URL(filePath: folder(path)), encoding: .utf8)
  }

  @Test func oneCommandMakesTheReport() throws {
    let arguments = ["experiment", "my songs.csv", "--output", "the report", "--quick", "--folds", "3"]
    let output = try AkinProcess.run(
      arguments + small + ["--strategies", "chance", "mfcc", "lda", "musly", "semi-hard", "--json"], in: folder)
    #expect(output.status == 0, "\(output)")
    let summary = try #require(try output.json() as? [String: Any])
    let features = try #require(summary["features"] as? [[String: Any]])
    #expect(features.map { $0["features"] as? String } == ["chance", "mfcc", "lda", "musly", "semi-hard"])
    #expect(features.allSatisfy { $0["metrics"] is [String: Any] })
    #expect(output.standardError.contains("6 trainings of at most 6 epochs"))
    for file in ["report.html", "tables/table-1.csv", "tables/table-7.csv", "figures/figure-2-mfcc.svg"] {
      #expect(FileManager.default.fileExists(atPath: folder("the report/\(file)")), "\(file)")
    }
    let markdown = try text("the report/report.md")
    #expect(markdown.contains("akin experiment 'my songs.csv' --output 'the report' --quick --folds 3"))
    #expect(markdown.contains("| [Song ") && markdown.contains("](<../music/artist%200/song%20"))
    let page = try text("the report/report.html")
    #expect(page.contains("href=\"../music/artist%200/song%20") && !page.contains("<script"))
  }

  @Test func anInterruptedExperimentGoesOn() throws {
    let arguments =
      ["experiment", "my songs.csv", "-o", "out", "--folds", "3", "--strategies", "hard", "cross-entropy"]
      + small + ["--pretrain-epochs", "3"]
    let running = try AkinProcess.start(arguments, in: folder)
    try running.wait { try running.notes().contains("pretraining") }
    running.process.interrupt()
    let interrupted = try running.finish()
    #expect(interrupted.status == 130)
    #expect(interrupted.standardError.contains("give the same command again to go on"))
    #expect(!FileManager.default.fileExists(atPath: folder("out/report.html")))
    let resumed = try AkinProcess.run(arguments, in: folder)
    #expect(resumed.status == 0 && resumed.standardError.contains("are done already"), "\(resumed)")
    #expect(FileManager.default.fileExists(atPath: folder("out/report.html")))
    let other = try AkinProcess.run(arguments + ["--margin", "2"], in: folder)
    #expect(other.status == 1 && other.standardError.contains("--restart"))
  }

  @Test func tuneRanksAndGoesOn() throws {
    let arguments = ["tune", "my songs.csv", "-o", "tuned", "--folds", "3"] + small
    let output = try AkinProcess.run(
      arguments + ["--try", "margin=1,2", "--try", "batch=3x2", "--strategy", "contrastive"], in: folder)
    #expect(output.status == 0, "\(output)")
    #expect(output.standardOutput.contains("margin=1 batch=3x2") && output.standardOutput.contains("MAP"))
    #expect(try text("tuned/search.csv").split(separator: "\n").count == 3)
    for file in ["run.json", "history.csv", "result.json", "model.safetensors"] {
      let place = "tuned/margin=2_batch=3x2/runs/repeat-01-fold-1/contrastive/\(file)"
      #expect(FileManager.default.fileExists(atPath: folder(place)), "\(file)")
    }
    let again = try AkinProcess.run(
      arguments + ["--try", "margin=1,2", "--try", "batch=3x2", "--strategy", "contrastive"], in: folder)
    #expect(again.standardOutput == output.standardOutput && !again.standardError.contains("epoch"))
  }

  @Test func outputThatCannotBeWrittenIsToldFirst() throws {
    try folder.write("", to: "blocked")
    for command in [["experiment", "my songs.csv"], ["tune", "my songs.csv", "--try", "margin=1,2"]] {
      let output = try AkinProcess.run(command + ["--output", "blocked/x"], in: folder)
      #expect(output.status == 1 && output.standardError.contains("--output"), "\(output)")
      #expect(!FileManager.default.fileExists(atPath: folder("cache")))
    }
  }
}
