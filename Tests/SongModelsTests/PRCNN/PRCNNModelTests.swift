import AudioDecoding
import AudioFeatures
import Files
import Foundation
import NeuralNetwork
import Reproducibility
import SongModels
import TestSupport
import Testing

@Suite struct PRCNNModelTests {
  /// An untrained model; the network is a small one where the shape does not matter.
  private static func model(seed: UInt64 = 1, isSmall: Bool = true, excerptCount: Int = 1) throws -> PRCNNModel {
    var configuration = PRCNNConfiguration()
    if isSmall {
      configuration.filters = [2, 2, 2, 2, 3]
      (configuration.sequenceWidth, configuration.recurrentUnits, configuration.embeddingDimension) = (4, 3, 5)
    }
    var generator = SeededGenerator(seed: seed)
    let network = PRCNN(configuration)
    let bands = configuration.melBandCount
    return PRCNNModel(
      network: network, features: try LogMelConfiguration(hopLength: 512),
      standardisation: InputStandardisation(
        means: (0..<bands).map { -Float($0) }, scales: [Float](repeating: 0.5, count: bands)),
      excerpts: Excerpts(count: excerptCount), parameters: network.initialParameters(using: &generator),
      provenance: .init(preset: "standard", randomSeed: 7, classes: ["Ä", "b \"c\""], trainingSongs: 12, training: "x"))
  }

  /// The error of bytes that are no usable model.
  private static func error(_ data: Data) -> ModelError? {
    do throws(ModelError) {
      _ = try PRCNNModel(data: data, name: "m.safetensors")
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [true, false])
  func aRoundTripKeepsEverything(isSmall: Bool) throws {
    let model = try Self.model(isSmall: isSmall)
    let read = try PRCNNModel(data: model.data, name: "m")
    #expect(read.parameters == model.parameters)
    #expect(read.network.configuration == model.network.configuration)
    #expect(read.features == model.features)
    #expect(read.standardisation == model.standardisation)
    #expect(read.provenance == model.provenance)
    #expect(read.identifier == model.identifier)
    #expect(read.data == model.data)
  }

  @Test func theIdentifierFollowsFromTheContentAlone() throws {
    let model = try Self.model()
    #expect(model.identifier.count == 32 && model.identifier.allSatisfy { $0.isHexDigit })
    #expect(try Self.model().identifier == model.identifier)
    #expect(try Self.model(seed: 2).identifier != model.identifier)
    func changed(
      features: LogMelConfiguration? = nil, standardisation: InputStandardisation? = nil,
      provenance: PRCNNModel.Provenance? = nil
    ) -> PRCNNModel {
      PRCNNModel(
        network: model.network, features: features ?? model.features,
        standardisation: standardisation ?? model.standardisation, parameters: model.parameters,
        provenance: provenance ?? model.provenance)
    }
    #expect(changed(provenance: .init(preset: "paper")).identifier == model.identifier)
    #expect(changed(features: try LogMelConfiguration(hopLength: 1024)).identifier != model.identifier)
    #expect(changed(standardisation: .identity(bands: 128)).identifier != model.identifier)
  }

  @Test func theNumberOfExcerptsIsKeptAndMakesAnotherModel() throws {
    let (one, three) = (try Self.model(), try Self.model(excerptCount: 3))
    #expect(three.identifier != one.identifier)
    #expect(try PRCNNModel(data: three.data, name: "m").excerpts == Excerpts(count: 3))
    #expect(try PRCNNModel(data: one.data, name: "m").excerpts == .middle)
    // As written before there was a choice.
    #expect(try Safetensors(data: one.data).metadata["configuration"]?.contains("excerpt") == false)
    var content = try Safetensors(data: three.data)
    content.metadata["configuration"] = content.metadata["configuration"]?
      .replacingOccurrences(of: "\"excerpts\":3", with: "\"excerpts\":0")
    #expect(Self.error(content.data)?.reason.contains("excerpts") == true)
    // Asked for of a model that hears the middle.
    let asked = EmbeddingModel.network(one).hearing(Excerpts(count: 3))
    #expect(asked?.identifier == three.identifier && asked?.hearing(.middle)?.identifier == one.identifier)
  }

  /// Version 0.2 heard excerpts that overlap in short songs: its files can be read, and make other vectors.
  @Test func aFileOfTheVersionBeforeIsAnotherModel() throws {
    let model = try Self.model(excerptCount: 3)
    var content = try Safetensors(data: model.data)
    content.metadata["configuration"] = content.metadata["configuration"]?
      .replacingOccurrences(of: "\"excerpts\":3", with: "\"excerptCount\":3")
    #expect(Self.error(content.data)?.reason.contains("do not match") == true)
    var plain = content
    (plain.metadata["identifier"], plain.metadata["provenance"]) = (nil, nil)
    content.metadata["identifier"] = ContentDigest.hexadecimal(of: plain.data)
    let read = try PRCNNModel(data: content.data, name: "m")
    #expect(read.excerpts == model.excerpts && read.identifier == model.identifier)
  }

  /// Several excerpts of a song that changes: the mean of what a model of one excerpt says of each as its own file.
  @Test func excerptsSpreadOverTheSongAreAveraged() throws {
    let folder = try TemporaryFolder()
    let songs = [TestSong(kind: 0, variant: 0, seconds: 32), TestSong(kind: 2, variant: 3, seconds: 32)]
    let samples = songs.flatMap(\.samples)
    func write(_ samples: [Float], _ name: String) throws -> String {
      try AudioEncoder.write([samples], sampleRate: 22_050, to: folder(name), format: .wav)
      return folder(name)
    }
    func embedding(_ path: String, _ count: Int) throws -> [Float] {
      try SongEmbedder(.network(Self.model(isSmall: false, excerptCount: count))).embed(file: path).embedding
    }
    let song = try write(samples, "song.wav")
    let features = try LogMelConfiguration(hopLength: 512)
    let length = features.sampleCount(ofFrameCount: 640)
    let parts = try (0..<3).map { index in
      let start = Int((Double(samples.count - length) * (Double(index) + 0.5) / 3).rounded())
      return try embedding(write(Array(samples[start..<start + length]), "part \(index).wav"), 1)
    }
    #expect(parts[0] != parts[2])
    let (three, middle) = (try embedding(song, 3), try embedding(song, 1))
    #expect(three != middle)
    for place in three.indices {
      let mean = (parts[0][place] + parts[1][place] + parts[2][place]) / 3
      #expect(abs(three[place] - mean) < 1e-4)
    }
    // They never overlap: a song shorter than three has one, the middle, unless it has room for more.
    for seconds in [10, 20, 40] {
      let short = try write(Array(samples[..<(seconds * 22_050)]), "short.wav")
      #expect(try embedding(short, 3) == embedding(short, 1))
    }
    let longer = try write(Array(samples[..<(50 * 22_050)]), "longer.wav")
    #expect(try embedding(longer, 3) == embedding(longer, 2) && embedding(longer, 2) != embedding(longer, 1))
  }

  @Test func flippedBitsAreNoticed() throws {
    let model = try Self.model()
    let good = model.data
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<400 {
      var data = good
      data[Int.random(in: 0..<good.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      // A change in the provenance harms nobody; any other is an error.
      if Self.error(data) == nil {
        #expect(try PRCNNModel(data: data, name: "m").identifier == model.identifier)
      }
    }
  }

  @Test func truncatedFilesAreNoticed() throws {
    let good = try Self.model().data
    for length in [0, 1, 7, 8, 9, 100, 1000, good.count / 2, good.count - 4, good.count - 1] {
      #expect(Self.error(good.prefix(length))?.remedy == .anotherFile, "\(length) bytes")
    }
  }

  @Test func otherFilesAreNoModels() throws {
    #expect(Self.error(Data("RIFF....WAVEfmt ".utf8))?.reason.contains("safetensors") == true)
    #expect(Self.error(Data(repeating: 0xFF, count: 64))?.remedy == .anotherFile)
    let foreign = Safetensors(tensors: ["weight": .init(shape: [1], values: [1])])
    #expect(Self.error(foreign.data)?.reason.contains("no Akin configuration") == true)
    var newer = try Safetensors(data: Self.model().data)
    newer.metadata["format"] = "akin.prcnn.9"
    #expect(Self.error(newer.data)?.remedy == .retrain)
    #expect(Self.error(newer.data)?.description.contains("akin train") == true)
  }

  @Test func tensorsMustBeThereAndFitAndBeFinite() throws {
    let good = try Safetensors(data: Self.model().data)
    for name in good.tensors.keys.sorted() {
      var missing = good
      missing.tensors[name] = nil
      #expect(Self.error(missing.data)?.reason.contains("\(name) is missing") == true)
      var flat = good
      let values = try #require(good.tensors[name]).values
      flat.tensors[name] = .init(shape: [1, values.count], values: values)
      #expect(Self.error(flat.data)?.reason.contains("shape") == true)
      for value in [Float.nan, .infinity] {
        var broken = good
        broken.tensors[name]?.values[values.count - 1] = value
        #expect(Self.error(broken.data)?.reason.contains("not finite") == true)
      }
    }
  }

  @Test(arguments: [
    ("\"hopLength\":512", "\"hopLength\":0"), ("\"sampleRate\":22050", "\"sampleRate\":3999"),
    ("\"sampleRate\":22050", "\"sampleRate\":9999999"), ("\"fftSize\":2048", "\"fftSize\":-2"),
    ("\"embeddingDimension\":5", "\"embeddingDimension\":0"), ("\"frameCount\":640", "\"frameCount\":99999999999"),
    ("\"frameCount\":640", "\"frameCount\":\"640\""), ("\"melBandCount\":128", "\"melBandCount\":64"),
    ("\"frames\":2", "\"frames\":0"), ("{", ""), ("\"frameCount\":640", "\"frameCount\":65536"),
    ("\"recurrentUnits\":3", "\"recurrentUnits\":65536"),
  ])
  func impossibleConfigurationsAreErrors(good: String, bad: String) throws {
    var file = try Safetensors(data: Self.model().data)
    let configuration = try #require(file.metadata["configuration"])
    try #require(configuration.contains(good))
    file.metadata["configuration"] = configuration.replacingOccurrences(of: good, with: bad)
    file.metadata["identifier"] = nil
    #expect(Self.error(file.data) != nil)
  }

  @Test func aFileOfOtherToolsNeedsNoIdentifierOrProvenance() throws {
    let model = try Self.model()
    var file = try Safetensors(data: model.data)
    (file.metadata["identifier"], file.metadata["provenance"]) = (nil, nil)
    let read = try PRCNNModel(data: file.data, name: "m")
    #expect(read.identifier == model.identifier)
    #expect(read.provenance.version.isEmpty)
    file.metadata["provenance"] = "[1]"
    #expect(Self.error(file.data)?.reason.contains("provenance") == true)
  }

  @Test func weightsThatOverflowAreAnErrorAndNoVector() throws {
    let folder = try TemporaryFolder()
    try TestSong(kind: 0, variant: 0).write(to: folder("song.wav"))
    let good = try Self.model()
    let model = PRCNNModel(
      network: good.network, features: good.features,
      standardisation: InputStandardisation(
        means: [Float](repeating: 3e38, count: 128), scales: [Float](repeating: 3e38, count: 128)),
      parameters: good.parameters.map { $0 * 1e38 }, provenance: good.provenance)
    let embedder = try SongEmbedder(.network(model))
    #expect(throws: ModelError.self) { try embedder.embed(file: folder("song.wav")) }
  }

  @Test func filesAreReadByName() throws {
    let folder = try TemporaryFolder()
    let model = try Self.model()
    try model.data.write(to: folder.url.appending(path: "m.safetensors"))
    let read = try EmbeddingModel(file: folder("m.safetensors"))
    #expect(read.identifier == model.identifier)
    #expect(read.name == "prcnn-" + model.identifier.prefix(8))
    #expect(read.dimension == 5 && !read.standardisesCollection)
    for name in ["nothing.safetensors", ""] {
      let error = try #require(throws: ModelError.self) { try EmbeddingModel(file: folder(name)) }
      #expect(error.remedy == .nameOne)
    }
  }
}
