import AudioDecoding
import AudioFeatures
import Foundation
import OnnxRuntime
import SongModels
import TestSupport
import Testing

@Suite(.enabled(if: TinyNetwork.canRun, Comment(rawValue: TinyNetwork.skip))) struct ImportedNetworkTests {
  private let folder: TemporaryFolder
  private let song: String

  init() throws {
    folder = try TemporaryFolder()
    song = folder("song.wav")
    try TestTexture(timbre: 2, rate: 2).write(to: song)
  }

  private static var description: NetworkDescription {
    var description = NetworkPreset.musicnn.description
    description.output = "embedding"
    return description
  }

  private func model(_ network: Data, _ description: NetworkDescription = Self.description) throws -> ImportedNetwork {
    try ImportedNetwork(network: network, file: "tiny.onnx", name: "tiny", description: description)
  }

  /// The frames that the network should hear, and the vector that follows from them, in plain loops.
  private func expected(_ description: NetworkDescription) throws -> [Float] {
    guard case .mels(let frontEnd) = description.hearing else { return [] }
    let audio = try AudioDecoder.decode(
      file: song, excerpt: .middle(seconds: description.seconds), sampleRate: frontEnd.sampleRate)
    let frames = try MelFrontEndExtractor(frontEnd).spectrogram(of: audio.samples)
    let (bands, length) = (frontEnd.melBandCount, description.patchLength)
    let starts = stride(from: 0, through: frames.count / bands - length, by: description.patchHop)
    let patches = starts.map { start in
      (0..<bands).map { band in
        (start..<start + length).reduce(0.0) { $0 + Double(frames[$1 * bands + band]) } / Double(length)
      }
    }
    #expect(patches.count > 1)
    let mean = (0..<bands).map { band in Float(patches.reduce(0.0) { $0 + $1[band] } / Double(patches.count)) }
    let largest = (0..<bands).map { band in Float(patches.map { $0[band] }.max() ?? 0) }
    return switch description.pooling {
    case .mean: mean
    case .maximum: largest
    case .both: mean + largest
    }
  }

  @Test(arguments: ["btm", "bmt", "bctm", "bcmt"], NetworkDescription.Pooling.allCases)
  func vectorsArePooledAnswersToPatches(layout: String, pooling: NetworkDescription.Pooling) throws {
    var description = Self.description
    (description.layout, description.pooling, description.patchHop) = (layout, pooling, 93)
    let sizes: [Character: Int?] = ["b": nil, "c": 1, "t": 187, "m": 96]
    let axis = try #require(layout.map { $0 }.firstIndex(of: "t"))
    let network = TinyNetwork.meanOfBands(shape: layout.map { sizes[$0] ?? nil }, axis: axis, bands: 96)
    let imported = EmbeddingModel.imported(try model(network, description))
    let vector = try SongEmbedder(imported).embed(file: song).embedding
    let wanted = try expected(description)
    #expect(vector.count == wanted.count && imported.dimension == wanted.count)
    for (one, other) in zip(vector, wanted) { #expect(abs(one - other) < 1e-4) }
  }

  @Test func aNetworkOfSeveralPatchesAtATimeIsFilledUp() throws {
    let one = TinyNetwork.meanOfBands(shape: [1, 187, 96], axis: 1, bands: 96)
    let seven = TinyNetwork.meanOfBands(shape: [7, 187, 96], axis: 1, bands: 96)
    let vectors = try [one, seven].map {
      try SongEmbedder(.imported(model($0))).embed(file: song).embedding
    }
    for (one, other) in zip(vectors[0], vectors[1]) { #expect(abs(one - other) < 1e-5) }
  }

  /// An answer that keeps time is averaged over it.
  @Test func answersOverTimeAreAveraged() throws {
    let network = TinyNetwork.meanOfBands(shape: [nil, 187, 96], axis: 1, bands: 96)
    var description = Self.description
    let vector = try SongEmbedder(.imported(model(network, description))).embed(file: song).embedding
    description.output = "frames"
    let frames = try SongEmbedder(.imported(model(network, description))).embed(file: song).embedding
    for (one, other) in zip(vector, frames) { #expect(abs(one - other) < 1e-4) }
    #expect(vector.count == 96 && frames.count == 96)
  }

  @Test func samplesAreHeardAsTheyAre() throws {
    let description = NetworkDescription(
      hearing: .samples(rate: 8000), patchLength: 8000, patchHop: 8000, layout: "bt", pooling: .maximum)
    let imported = EmbeddingModel.imported(try model(TinyNetwork.ofSamples(count: 8000), description))
    let vector = try SongEmbedder(imported).embed(file: song).embedding
    let samples = try AudioDecoder.decode(file: song, excerpt: .middle(seconds: 30), sampleRate: 8000).samples
    #expect(vector.count == 2 && vector[1] == samples.prefix(samples.count / 8000 * 8000).max())
  }

  @Test func theFileHoldsTheNetwork() throws {
    let network = TinyNetwork.meanOfBands(shape: [nil, 187, 96], axis: 1, bands: 96)
    let imported = EmbeddingModel.imported(try model(network))
    let path = folder("model.safetensors")
    let data = try #require(imported.fileData)
    try data.write(to: URL(filePath: path))
    let read = try EmbeddingModel(file: path)
    #expect(read.identifier == imported.identifier && read.name == imported.name && read.onnx == network)
    #expect(read.name.hasPrefix("tiny-") && read.dimension == 96 && read.standardisesCollection)
    #expect(try SongEmbedder(read).embed(file: song).embedding == SongEmbedder(imported).embed(file: song).embedding)
    // Another network, or another description, is another model; another name is not.
    var description = Self.description
    description.pooling = .maximum
    #expect(try model(network, description).identifier != imported.identifier)
    let other = TinyNetwork.meanOfBands(shape: [nil, 187, 96], axis: 1, bands: 96, factor: 2)
    #expect(try model(other).identifier != imported.identifier)
    let renamed = try ImportedNetwork(network: network, file: "a", name: "other", description: Self.description)
    #expect(renamed.identifier == imported.identifier)
    // A flipped bit is noticed.
    var damaged = data
    damaged[damaged.count - 40] ^= 1
    try damaged.write(to: URL(filePath: path))
    #expect(throws: ModelError.self) { try EmbeddingModel(file: path) }
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let network = TinyNetwork.meanOfBands(shape: [nil, 187, 96], axis: 1, bands: 96)
    func reason(_ network: Data, _ change: (inout NetworkDescription) -> Void) -> String {
      var description = Self.description
      change(&description)
      do {
        _ = try model(network, description)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(reason(network) { _ in }.isEmpty)
    #expect(
      reason(Data("no network".utf8)) { _ in }.contains("tiny.onnx cannot be used: ONNX Runtime does not read it"))
    #expect(reason(Data()) { _ in }.contains("ONNX Runtime does not read it"))
    let outputs = reason(network) { $0.output = nil }
    #expect(outputs.contains("more than one output") && outputs.contains("embedding (? × 96)"), "\(outputs)")
    #expect(outputs.contains("frames (? × 187 × 96)") && outputs.contains("--output-name"))
    #expect(reason(network) { $0.output = "logits" }.contains("it has no output logits"))
    #expect(reason(network) { $0.input = "x" }.contains("it has no input x; there are mel (? × 187 × 96)"))
    let shape = reason(network) { $0.patchLength = 128 }
    #expect(shape.contains("its input is mel (? × 187 × 96), and what is described is btm, 1 × 128 × 96"), "\(shape)")
    #expect(reason(network) { $0.layout = "bctm" }.contains("1 × 1 × 187 × 96"))
    #expect(reason(network) { $0.layout = "bt" }.contains("its layout is “bt”"))
    let infinite = TinyNetwork.meanOfBands(shape: [nil, 187, 96], axis: 1, bands: 96, factor: .infinity)
    #expect(reason(infinite) { _ in }.contains("is not finite"))
  }

  /// Silence is answered, and a song is not: what it finds out late.
  @Test func aSongThatOverflowsIsAnError() throws {
    let network = TinyNetwork.meanOfBands(shape: [nil, 187, 96], axis: 1, bands: 96, factor: 3e38)
    let embedder = try SongEmbedder(.imported(model(network)))
    let error = #expect(throws: ModelError.self) { try embedder.embed(file: song) }
    #expect(error?.description.contains("for \(song) is not finite") == true)
  }

  @Test func aShortSongIsRepeated() throws {
    let path = folder("short.wav")
    let samples = Array(try TestTexture(timbre: 2, rate: 2).samples.prefix(11_025))
    try AudioEncoder.write([samples], sampleRate: 22_050, to: path, format: .wav)
    let network = TinyNetwork.meanOfBands(shape: [nil, 187, 96], axis: 1, bands: 96)
    let vector = try SongEmbedder(.imported(model(network))).embed(file: path).embedding
    #expect(vector.count == 96 && vector.allSatisfy(\.isFinite) && vector.contains { $0 > 0.1 })
  }
}
