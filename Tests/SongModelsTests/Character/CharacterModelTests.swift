import AudioDecoding
import Foundation
import NeuralNetwork
import Reproducibility
import SongModels
import TestSupport
import Testing

@Suite struct CharacterModelTests {
  /// A small network with random weights.
  static func model(seed: UInt64 = 1, outputs: Int = 6) -> CharacterModel {
    var configuration = CharacterConfiguration()
    (configuration.channels, configuration.outputs) = ([8, 8], outputs)
    let network = CharacterNetwork(configuration)
    var generator = SeededGenerator(seed: seed)
    return CharacterModel(
      .init(
        network: network,
        standardisation: InputStandardisation(
          means: [Float](repeating: -40, count: 128), scales: [Float](repeating: 0.05, count: 128)),
        parameters: network.initialParameters(using: &generator),
        typicalMeans: [Float](repeating: 0, count: outputs), typicalDeviations: [Float](repeating: 1, count: outputs)),
      provenance: .init(teacher: "a test", songs: 2, examples: 4, steps: 3, randomSeed: seed))
  }

  @Test func aFileGivesTheModelBack() throws {
    let model = Self.model()
    let read = try CharacterModel(data: model.data, name: "file")
    #expect(read.identifier == model.identifier && read.provenance == model.provenance)
    #expect(read.content.parameters == model.content.parameters && read.dimension == 6)
    #expect(!read.isStandard && Self.model(seed: 2).identifier != model.identifier)
  }

  @Test("What a file says is not trusted")
  func damagedFiles() throws {
    func refused(_ change: (inout Safetensors) -> Void) throws -> String {
      var content = try Safetensors(data: Self.model().data)
      change(&content)
      do {
        _ = try CharacterModel(data: content.data, name: "file")
        return ""
      } catch { return error.reason }
    }
    #expect(try refused { _ in } == "")
    #expect(try refused { $0.metadata["format"] = "akin.prcnn.1" }.contains("format"))
    #expect(try refused { $0.tensors["dense.bias"] = nil }.contains("dense.bias is missing"))
    #expect(try refused { $0.tensors["dense.bias"]?.values[0] = .nan }.contains("not finite"))
    #expect(try refused { $0.tensors["dense.bias"]?.values[0] += 1 }.contains("identifier"))
    #expect(try refused { $0.tensors["typical_deviation"]?.values[0] = 0 }.contains("above 0"))
    #expect(try refused { $0.tensors["normalisations.0.running_var"]?.values[0] = -1 }.contains("negative"))
    #expect(try refused { $0.tensors["input_mean"] = .init(shape: [2], values: [0, 0]) }.contains("shape"))
    for (from, to) in [
      ("[8,8]", "[8,9]"), ("[8,8]", "[]"), ("\"outputs\":6", "\"outputs\":-6"),
      ("\"frameCount\":64", "\"frameCount\":63"),
    ] {
      let reason = try refused {
        $0.metadata["configuration"] = $0.metadata["configuration"]?.replacing(from, with: to)
      }
      #expect(reason.contains("impossible"), "\(to): \(reason)")
    }
  }

  @Test("The model in the box is what its identifier says")
  func theBox() throws {
    let standard = CharacterModel.standard
    #expect(standard.isStandard)
    #expect(try CharacterModel(data: standard.data, name: "box").identifier == standard.identifier)
    // Half precision: 2 bytes a weight.
    #expect(2 * standard.content.parameters.count <= 2_000_000)
    #expect(EmbeddingModel.standard.dimension <= 2000)
  }

  @Test func songsOfAnyLengthHaveAVector() throws {
    let embedder = try SongEmbedder(.character(Self.model()))
    for seconds in [0.05, 1, 2.9, 3.1, 31] {
      let file = FileManager.default.temporaryDirectory.appending(path: "character-\(UUID().uuidString).wav")
      defer { try? FileManager.default.removeItem(at: file) }
      try AudioEncoder.write([samples(seconds: seconds)], sampleRate: 22_050, to: file.path, format: .wav)
      let song = try embedder.embed(file: file.path)
      #expect(song.embedding.count == 6 && song.embedding.contains { $0 != song.embedding[0] })
    }
  }

  private func samples(seconds: Double) -> [Float] {
    var generator = SeededGenerator(seed: 5)
    return (0..<Int(seconds * 22_050)).map { _ in Float(0.1 * generator.normal()) }
  }

  @Test func excerptsAreAveraged() throws {
    let model = EmbeddingModel.character(Self.model())
    let three = try #require(model.hearing(Excerpts(count: 3)))
    #expect(three.excerpts?.count == 3 && three.identifier != model.identifier && three.name != model.name)
    #expect(try EmbeddingModel(data: three.fileData ?? Data(), name: "file").identifier == three.identifier)
  }
}
