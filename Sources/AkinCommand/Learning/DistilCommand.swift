import ArgumentParser
import Files
import Foundation
import SongModels
import Training

struct DistilCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distil", abstract: "Teach a small network what a large one hears.",
    discussion: """
      The folder holds spectrograms of songs and what the teacher says of them; Scripts/student makes it from a folder \
      of music and a network in ONNX. The result is a model file whose network hears a song in some milliseconds.
      """)

  @Argument(help: ArgumentHelp("The folder that Scripts/student made.", valueName: "folder"))
  var folder: String

  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output = "student.safetensors"

  @Option(help: "Steps of the optimiser, at least 1.") var steps = Distillation.Configuration().steps
  @Option(help: "Patches in a batch, at least 2.") var batch = Distillation.Configuration().batchSize
  @Option(help: "The largest learning rate.") var rate = Distillation.Configuration().learningRate
  @Option(help: "The random seed.") var seed: UInt64 = 1

  @OptionGroup var jobs: JobsOptions
  @OptionGroup var outputOptions: OutputOptions

  private struct Report: Encodable {
    var model, file: String
    var weights, songs, examples: Int
    var loss: Double
  }

  func validate() throws {
    guard steps >= 1 else { throw ValidationError("--steps is at least 1.") }
    guard (2...4096).contains(batch) else { throw ValidationError("--batch is 2 to 4096.") }
    guard rate > 0, rate.isFinite else { throw ValidationError("--rate is above 0.") }
  }

  func run() throws {
    Interruption.listen()
    let terminal = outputOptions.terminal
    var configuration = Distillation.Configuration()
    (configuration.steps, configuration.batchSize) = (steps, batch)
    (configuration.learningRate, configuration.randomSeed) = (rate, seed)
    let distillation = Distillation(try TeachingData(folder: URL(filePath: folder)), configuration: configuration)
    let start = ContinuousClock.now
    var loss = 0.0
    let model: CharacterModel
    do {
      defer { terminal.endProgress() }
      model = try distillation.learn(threads: jobs.count) { progress in
        loss = progress.loss
        terminal.progress(
          "loss \(decimal(loss, 3)), " + Rate(done: progress.step, total: steps, since: start).text(of: "steps"))
        if Interruption.isRequested { throw ExitCode.interrupted }
      }
    }
    try FileError.write(model.data, to: URL(filePath: output))
    let report = Report(
      model: model.identifier, file: output, weights: model.content.parameters.count, songs: model.provenance.songs,
      examples: model.provenance.examples, loss: loss)
    StandardOutput.write(
      outputOptions.json
        ? JSON.text(report)
        : "\(report.weights) weights, taught on \(report.songs) songs, \(report.examples) with those changed and mixed, written to \(output)"
    )
  }
}
