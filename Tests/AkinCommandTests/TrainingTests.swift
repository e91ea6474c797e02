import Foundation
import TestSupport
import Testing

@Suite(.needsTheProgram) struct TrainingTests {
  private let folder: TemporaryFolder
  private let choices = ["--classes-per-batch", "3", "--songs-per-class", "2"]

  init() throws {
    folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 3, variants: 5, in: folder("music"))
    _ = try AkinProcess.run(["dataset", "folder", "music", "--output", "my songs.csv"], in: folder)
  }

  private func train(_ arguments: [String]) throws -> AkinProcess.Output {
    try AkinProcess.run(["train", "my songs.csv"] + choices + arguments, in: folder)
  }

  @Test func trainsAdoptsAndAnswers() throws {
    let output = try train(["--pretrain-epochs", "1", "--epochs", "1", "--json"])
    #expect(output.status == 0, "\(output)")
    let report = try #require(try output.json() as? [String: Any])
    #expect(
      Set(report.keys).isSuperset(of: [
        "model", "file", "epochs", "trainingSongs", "classes", "skippedSongs", "collapsed", "adopted",
      ]))
    #expect(report["epochs"] as? Int == 2 && report["adopted"] as? Bool == true)
    #expect(output.standardError.contains("cross-entropy epoch 1: loss "))
    #expect(output.standardError.contains("semi-hard epoch 1: loss "))
    for file in ["run.json", "training.csv", "validation.csv", "test.csv", "history.csv", "model.safetensors"] {
      #expect(FileManager.default.fileExists(atPath: folder("my songs.training/\(file)")))
    }

    // The model answers from now on, once it has heard the songs.
    let early = try AkinProcess.run(["similar", "Song 0-0"], in: folder)
    #expect(early.status == 1 && early.standardError.contains("akin index"))
    #expect(try AkinProcess.run(["index", "music"], in: folder).status == 0)
    let similar = try AkinProcess.run(["similar", "Song 0-0"], in: folder)
    #expect(similar.status == 0 && similar.standardError.split(separator: "\n").count == 1)
    let name = "prcnn-\(try #require(report["model"] as? String).prefix(8))"
    let describe = try AkinProcess.run(["model", "describe"], in: folder)
    #expect(describe.standardOutput.contains(name) && describe.standardOutput.contains("119996"))
    // The hint that was printed can be copied.
    let again = try train(["--pretrain-epochs", "1", "--epochs", "1"])
    let hint = try #require(again.standardError.split(separator: "\n").first { $0.hasPrefix("Judge it: akin ") })
    let judged = try AkinProcess.run(
      [], in: folder, shell: "\"$0\" " + hint.dropFirst("Judge it: akin ".count))
    #expect(judged.status == 0, "\(judged)")
    #expect(judged.standardOutput.contains(name))
  }

  @Test func learnsTheDescriptorFromAllSongs() throws {
    let arguments = ["train", "my songs.csv", "--model", "descriptor", "--all", "--json"]
    let output = try AkinProcess.run(arguments, in: folder)
    #expect(output.status == 0, "\(output)")
    let report = try #require(try output.json() as? [String: Any])
    #expect(report["trainingSongs"] as? Int == 15 && report["classes"] as? Int == 3)
    let describe = try AkinProcess.run(["model", "describe"], in: folder)
    #expect(describe.standardOutput.contains("descriptor-\(try #require(report["model"] as? String).prefix(8))"))
    let both = try AkinProcess.run(["train", "my songs.csv", "--all", "--validation", "a", "--test", "b"], in: folder)
    #expect(both.status == 64 && both.standardError.contains("--all"))
  }

  @Test func theLibraryKeepsItsModelWhereAsked() throws {
    #expect(try train(["--pretrain-epochs", "1", "--epochs", "0", "--no-adopt"]).status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder("library.sqlite")))
  }

  @Test func anInterruptedTrainingGoesOn() throws {
    let arguments = ["--pretrain-epochs", "12", "--epochs", "0", "--no-adopt"]
    #expect(try train(arguments + ["--output", "whole"]).status == 0)
    let running = try AkinProcess.start(
      ["train", "my songs.csv"] + choices + arguments + ["--output", "parts"], in: folder)
    try running.wait { try running.notes().contains("epoch 1: ") }
    running.process.interrupt()
    let interrupted = try running.finish()
    #expect(interrupted.status == 130)
    #expect(interrupted.standardError.contains("give the same command again to go on"))
    let resumed = try train(arguments + ["--output", "parts"])
    #expect(resumed.status == 0 && resumed.standardError.contains("going on after epoch"))
    let models = try ["whole", "parts"].map { try Data(contentsOf: URL(filePath: folder("\($0)/model.safetensors"))) }
    #expect(models[0] == models[1])
    let other = try train(arguments + ["--output", "parts", "--margin", "2"])
    #expect(other.status == 1 && other.standardError.contains("--restart"))
  }
}
