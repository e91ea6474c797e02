import ArgumentParser
import AudioFeatures
import Files
import Foundation
import MetricLearning
import MusicLibrary
import SongModels

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look at models.", subcommands: [ModelDescribeCommand.self])
}

struct ModelDescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "What a model is, hears and comes from.")

  @Argument(
    help: ArgumentHelp(
      """
      \(EmbeddingModel.builtInNames.joined(separator: ", ")), a model file or a model of the library \
      (default: the one that answers).
      """, valueName: "model"))
  var name: String?

  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  private struct Description: Encodable {
    var name, identifier: String
    var dimension: Int
    var parameters: Int?
    var network: PRCNNConfiguration?
    var features: LogMelConfiguration?
    var excerpts: Int?
    var provenance: PRCNNModel.Provenance?
    var learned: DescriptorModel.Provenance?
  }

  func run() throws {
    let model = try ModelChoice(named: name, catalogue: library.openExisting()).model
    var description = Description(name: model.name, identifier: model.identifier, dimension: model.dimension)
    if case .network(let network) = model {
      description.parameters = network.parameters.count
      description.network = network.network.configuration
      description.features = network.features
      description.excerpts = network.excerptCount
      description.provenance = network.provenance
    }
    if case .learnedDescriptor(let learned) = model {
      description.parameters = learned.normalisation.directions.count
      description.learned = learned.provenance
    }
    StandardOutput.write(output.json ? JSON.text(description, pretty: true) : Self.text(description, model: model))
  }

  private static let descriptorLines = [
    ("hears", "how 32 MFCC vary together, and patterns of spectra, onsets and pulses, in the middle 30 s"),
    ("searches", "standardised over the collection, hubs taken out, songs moved towards their neighbours"),
  ]

  private static func text(_ description: Description, model: EmbeddingModel) -> String {
    var lines = [("name", description.name), ("identifier", description.identifier)]
    lines.append(("vector", "\(description.dimension) numbers, compared by cosine"))
    switch model {
    case .descriptor: lines += Self.descriptorLines + [("learned", "nothing")]
    case .learnedDescriptor(let model):
      let provenance = model.provenance
      lines +=
        Self.descriptorLines + [
          (
            "learned",
            "\(model.normalisation.count) directions that count less, strength \(decimal(provenance.strength, 0))"
          ),
          (
            "from",
            "\(provenance.songs) songs: \(provenance.classes) classes, halves of songs; "
              + "\(provenance.genres) genres spared"
          ),
        ]
    case .mfcc: lines.append(("hears", "20 MFCC × 7 statistics of the middle 30 s, as they are (the paper's baseline)"))
    case .mfccStandardised:
      lines.append(("hears", "20 MFCC × 7 statistics of the middle 30 s, standardised over the collection"))
    case .foreign: lines.append(("hears", "nothing: another program made its vectors"))
    case .network(let network):
      let (shape, features, provenance) = (network.network.configuration, network.features, network.provenance)
      let seconds = Double(shape.frameCount * features.hopLength) / Double(features.sampleRate)
      lines += [
        ("hears", "\(shape.frameCount) frames × \(shape.melBandCount) mel bands, \(Self.excerpts(network, seconds))"),
        ("samples", "\(features.sampleRate) Hz, FFT \(features.fftSize), hop \(features.hopLength)"),
        ("weights", "\(network.parameters.count)"),
        ("learned", "\(provenance.training), preset \(provenance.preset), seed \(provenance.randomSeed)"),
        ("from", "\(provenance.trainingSongs) songs in \(provenance.classes.count) classes"),
        ("classes", provenance.classes.joined(separator: ", ")),
        ("made by", "Akin \(provenance.version)"),
      ]
    }
    return aligned(lines)
  }

  private static func excerpts(_ model: PRCNNModel, _ seconds: Double) -> String {
    model.excerptCount == 1
      ? "the middle \(decimal(seconds, 1)) s"
      : "the mean of \(model.excerptCount) excerpts of \(decimal(seconds, 1)) s, spread over the song"
  }

  private static func aligned(_ lines: [(String, String)]) -> String {
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + visible($0.1) }.joined(
      separator: "\n")
  }
}
