import ArgumentParser
import AudioFeatures
import Files
import Foundation
import MetricLearning
import MusicLibrary
import SongModels

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
    var taught: CharacterModel.Provenance?
    var parts: [Part]?
    var hears: NetworkDescription?
  }

  /// A model that another is joined of.
  private struct Part: Encodable {
    var weight: Double
    var model: Description
  }

  func run() throws {
    let model = try ModelChoice(named: name, catalogue: library.openExisting()).model
    let description = Self.description(of: model)
    StandardOutput.write(output.json ? JSON.text(description, pretty: true) : Self.text(model))
  }

  private static func description(of model: EmbeddingModel) -> Description {
    var description = Description(name: model.name, identifier: model.identifier, dimension: model.dimension)
    description.excerpts = model.excerpts?.count
    switch model.method {
    case .network(let network):
      description.parameters = network.parameters.count
      description.network = network.network.configuration
      description.features = network.features
      description.provenance = network.provenance
    case .learnedDescriptor(let learned):
      description.parameters = learned.normalisation.directions.count
      description.learned = learned.provenance
    case .character(let character):
      description.parameters = character.content.parameters.count
      description.taught = character.provenance
    case .imported(let imported): description.hears = imported.description
    case .joined(let joined):
      description.parts = joined.parts.map { Part(weight: $0.weight, model: Self.description(of: $0.model)) }
    case .descriptor, .mfcc, .foreign: break
    }
    return description
  }

  private static func descriptorLines(_ excerpts: Excerpts) -> [(String, String)] {
    [
      (
        "hears",
        "how 32 MFCC vary together, and patterns of spectra, onsets and pulses, in \(words(excerpts, seconds: 30))"
      ),
      ("searches", "standardised over the collection, hubs taken out, songs moved towards their neighbours"),
    ]
  }

  private static func text(_ model: EmbeddingModel) -> String {
    aligned(
      [
        ("name", model.name), ("identifier", model.identifier),
        ("vector", "\(model.dimension) numbers, compared by cosine"),
      ] + lines(of: model))
  }

  /// What a model hears and comes from; of one that is joined, that of each part.
  private static func lines(of model: EmbeddingModel) -> [(String, String)] {
    var lines: [(String, String)] = []
    switch model.method {
    case .descriptor(let excerpts): lines += descriptorLines(excerpts) + [("learned", "nothing")]
    case .learnedDescriptor(let model):
      let provenance = model.provenance
      lines +=
        descriptorLines(model.excerpts) + [
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
    case .mfcc(let excerpts, let isStandardised):
      let comparison = isStandardised ? "standardised over the collection" : "as they are (the paper's baseline)"
      lines.append(("hears", "20 MFCC × 7 statistics of \(words(excerpts, seconds: 30)), \(comparison)"))
    case .foreign: lines.append(("hears", "nothing: another program made its vectors"))
    case .network(let network):
      let (shape, features, provenance) = (network.network.configuration, network.features, network.provenance)
      let seconds = Double(shape.frameCount * features.hopLength) / Double(features.sampleRate)
      lines += [
        ("hears", "\(shape.frameCount) frames × \(shape.melBandCount) mel bands, \(excerpts(network, seconds))"),
        ("samples", "\(features.sampleRate) Hz, FFT \(features.fftSize), hop \(features.hopLength)"),
        ("weights", "\(network.parameters.count)"),
        ("learned", "\(provenance.training), preset \(provenance.preset), seed \(provenance.randomSeed)"),
        ("from", "\(provenance.trainingSongs) songs in \(provenance.classes.count) classes"),
        ("classes", provenance.classes.joined(separator: ", ")),
        ("made by", "Akin \(provenance.version)"),
      ]
    case .character(let character):
      let (shape, provenance) = (character.content.network.configuration, character.provenance)
      lines += [
        ("hears", "what kind of music it is, in patches of 3 s of \(words(character.excerpts, seconds: 30))"),
        ("patches", "\(shape.frameCount) frames × \(shape.melBandCount) mel bands, their vectors averaged"),
        ("weights", "\(character.content.parameters.count)"),
        (
          "taught by",
          "\(provenance.teacher), on \(provenance.songs) songs, \(provenance.examples) with those changed and mixed"
        ),
      ]
    case .imported(let imported): lines += Self.lines(of: imported.description, excerpts: imported.excerpts)
    case .joined(let joined):
      for part in joined.parts {
        lines.append(("part", "\(part.model.name), weight \(String(format: "%g", part.weight))"))
        lines += Self.lines(of: part.model).map { ("  " + $0.0, $0.1) }
      }
    }
    return lines
  }

  private static func lines(of description: NetworkDescription, excerpts: Excerpts) -> [(String, String)] {
    var lines = [("hears", words(excerpts, seconds: description.seconds))]
    let unit: String
    switch description.hearing {
    case .samples(let rate):
      lines.append(("input", "samples at \(rate) Hz"))
      unit = "samples"
    case .mels(let frontEnd):
      lines.append(
        (
          "input",
          "\(frontEnd.melBandCount) mel bands, \(frontEnd.sampleRate) Hz, FFT \(frontEnd.fftSize), "
            + "window \(frontEnd.windowLength), hop \(frontEnd.hopLength), \(frontEnd.spectrum), "
            + "\(frontEnd.compression)"
        ))
      unit = "frames"
    }
    let standardised = description.isStandardised ? "standardised over the collection" : "as they are"
    return lines + [
      (
        "patches",
        "\(description.patchLength) \(unit), \(description.patchHop) apart, as \(description.layout) "
          + "into \(description.input ?? "")"
      ),
      ("vectors", "\(description.pooling) of \(description.output ?? "") over the patches, \(standardised)"),
    ]
  }

  private static func excerpts(_ model: PRCNNModel, _ seconds: Double) -> String {
    (model.excerpts == .middle ? "" : "the mean of ") + words(model.excerpts, seconds: seconds)
  }

  private static func words(_ excerpts: Excerpts, seconds: Double) -> String {
    let length = decimal(seconds, seconds == seconds.rounded() ? 0 : 1)
    return excerpts == .middle
      ? "the middle \(length) s" : "\(excerpts.count) excerpts of \(length) s, spread over the song"
  }

  private static func aligned(_ lines: [(String, String)]) -> String {
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + visible($0.1) }.joined(
      separator: "\n")
  }
}
