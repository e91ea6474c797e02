import ArgumentParser
import Catalogue
import Datasets
import Files
import Foundation
import MusicLibrary
import SongModels
import Training

extension TrainCommand {
  private struct DescriptorReport: Encodable {
    var model, file: String
    var trainingSongs, classes, genres, skippedSongs: Int
    var adopted: Bool
  }

  /// Learns how to compare descriptors, from the training part alone.
  func learnDescriptor(
    _ parts: DatasetParts, hearing excerpts: Excerpts, folder: URL, catalogue: Catalogue?, terminal: Terminal
  ) throws {
    try FileError.makeFolder(folder, remedy: "Choose another with --output.")
    try parts.write(to: folder)
    let start = ContinuousClock.now
    let result: DescriptorLearner.Result
    do {
      defer { terminal.endProgress() }
      var learner = DescriptorLearner(songs: parts.training)
      learner.excerpts = excerpts
      result = try learner.learn(threads: jobs.count) { done, total in
        terminal.progress("listening to " + Rate(done: done, total: total, since: start).text(of: "songs"))
        if Interruption.isRequested { throw ExitCode.interrupted }
      }
    }
    terminal.warn(leftOut: result.skipped)
    let file = folder.appending(path: "model.safetensors")
    try FileError.write(result.model.data, to: file)
    let model = EmbeddingModel.learnedDescriptor(result.model)
    try catalogue?.adopt(model)
    let provenance = result.model.provenance
    if outputOptions.json {
      StandardOutput.write(
        JSON.text(
          DescriptorReport(
            model: model.identifier, file: file.path, trainingSongs: provenance.songs, classes: provenance.classes,
            genres: provenance.genres, skippedSongs: result.skipped.count, adopted: adopt)))
    } else {
      StandardOutput.write(
        "\(model.name): \(provenance.songs) songs, \(provenance.classes) classes, \(provenance.genres) genres spared, "
          + "written to \(file.relativePath)")
      if adopt { terminal.note("The library now uses it: run `akin index` to listen to your songs with it.") }
    }
    if !result.skipped.isEmpty { throw ExitCode.doneInPart }
  }
}
