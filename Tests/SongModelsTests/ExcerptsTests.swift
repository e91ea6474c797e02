import AudioDecoding
import AudioFeatures
import Foundation
import MetricLearning
import NeuralNetwork
import SongModels
import TestSupport
import Testing

/// Models that hear several excerpts of a song.
@Suite struct ExcerptsTests {
  private static let rate = 22_050

  /// A tune, of which no two parts sound the same.
  private static let tune = TestMelody(seed: 1, seconds: 190).samples

  private static func samples(seconds: Double) -> [Float] { Array(tune.prefix(Int(seconds * Double(rate)))) }

  private static func write(_ samples: [Float], in folder: TemporaryFolder, _ name: String) throws -> String {
    try AudioEncoder.write([samples], sampleRate: rate, to: folder(name), format: .wav)
    return folder(name)
  }

  @Test(arguments: EmbeddingModel.builtInNames)
  func builtInModelsHearAsManyAsTheirNameSays(name: String) throws {
    let model = try #require(EmbeddingModel(builtIn: name))
    #expect(model.excerpts == .middle)
    let three = try #require(model.hearing(Excerpts(count: 3)))
    #expect(three.name == "\(name)-3-excerpts" && three.excerpts == Excerpts(count: 3))
    #expect(three.identifier == "\(model.identifier)-3-excerpts" && three.dimension == model.dimension)
    #expect(three.spaceIdentifier != model.spaceIdentifier)
    #expect(three.standardisesCollection == model.standardisesCollection)
    #expect(EmbeddingModel(builtIn: three.name)?.spaceIdentifier == three.spaceIdentifier)
    #expect(EmbeddingModel.builtIn(making: three.identifier).map(\.name).contains(three.name))
    #expect(three.maker.identifier == three.identifier)
    // As many as before: the same again.
    #expect(three.hearing(.middle)?.spaceIdentifier == model.spaceIdentifier)
    #expect(three.hearing(Excerpts(count: 3))?.spaceIdentifier == three.spaceIdentifier)
  }

  @Test(arguments: [
    "akin-excerpts", "akin-0-excerpts", "akin-1-excerpts", "akin-65-excerpts", "akin--3-excerpts", "akin-+3-excerpts",
    "akin-03-excerpts", "akin-3-excerpts-3-excerpts-", "-3-excerpts", "3-excerpts", "akin-3", "other-3-excerpts",
  ])
  func otherNamesAreNoModels(name: String) {
    #expect(EmbeddingModel(builtIn: name) == nil)
  }

  @Test func aModelThatHearsNothingHearsNoExcerpts() throws {
    let foreign = EmbeddingModel.foreign(try #require(ForeignModel(name: "clap", dimension: 3)))
    #expect(foreign.excerpts == nil && foreign.hearing(Excerpts(count: 3)) == nil)
    // No name that could be taken for a built-in model's.
    #expect(ForeignModel(name: "akin-3-excerpts", dimension: 3) == nil)
    #expect(ForeignModel(name: "clap-3-excerpts", dimension: 3) != nil)
  }

  @Test func aLearnedDescriptorKeepsThemInItsFile() throws {
    let directions = WithinClassNormalisation(
      dimension: SongDescriptor.count,
      directions: [1] + [Float](repeating: 0, count: SongDescriptor.count - 1))
    let middle = DescriptorModel(normalisation: directions, provenance: .init(songs: 2))
    let three = DescriptorModel(
      normalisation: directions, excerpts: Excerpts(count: 3), provenance: .init(songs: 2))
    #expect(three.identifier != middle.identifier)
    let read = try EmbeddingModel(data: three.data, name: "m")
    #expect(read.identifier == three.identifier && read.excerpts == Excerpts(count: 3))
    #expect(try Safetensors(data: middle.data).metadata["excerpts"] == nil)
    #expect(EmbeddingModel.learnedDescriptor(middle).hearing(Excerpts(count: 3))?.identifier == three.identifier)
    for text in ["2", "0", "65", "-1", "x"] {
      var content = try Safetensors(data: three.data)
      content.metadata["excerpts"] = text
      #expect(throws: ModelError.self) { try EmbeddingModel(data: content.data, name: "m") }
    }
  }

  /// The vector of the excerpts cut out by hand.
  @Test(arguments: [2, 3, 5])
  func theVectorIsOfAllExcerptsTogether(count: Int) throws {
    let folder = try TemporaryFolder()
    let samples = Self.samples(seconds: 190)
    let path = try Self.write(samples, in: folder, "song.wav")
    let written = try AudioDecoder.decode(file: path).samples
    let length = 30 * Self.rate
    let cut = (0..<count).map { index in
      let start = Int((Double(samples.count - length) * (Double(index) + 0.5) / Double(count)).rounded())
      return Array(written[start..<start + length])
    }
    let excerpts = Excerpts(count: count)
    func embedding(_ model: EmbeddingModel) throws -> [Float] {
      let hearing = try #require(model.hearing(excerpts))
      return try SongEmbedder(hearing).embed(file: path).embedding
    }
    let descriptor = try SongDescriptorExtractor().descriptor(ofExcerpts: cut).values
    #expect(try embedding(.learnedDescriptor(.standard)) == descriptor && embedding(.descriptor) == descriptor)
    let statistics = try MFCCExtractor().statistics(ofExcerpts: cut, sampleRate: Self.rate)
    #expect(try embedding(.mfcc) == statistics && embedding(.mfccStandardised) == statistics)
    #expect(try SongEmbedder(.descriptor).embed(file: path).embedding != descriptor)
  }

  /// What there is of a shorter song; the very vector of the middle if that is all.
  @Test(arguments: [(1.0, 1), (29.9, 1), (30, 1), (45, 1), (89, 1), (91, 2), (119, 2), (121, 3)])
  func aShortSongHasFewer(seconds: Double, count: Int) throws {
    let folder = try TemporaryFolder()
    let path = try Self.write(Self.samples(seconds: seconds), in: folder, "song.wav")
    func embedding(_ excerpts: Int) throws -> [Float] {
      let model = try #require(EmbeddingModel.descriptor.hearing(Excerpts(count: excerpts)))
      return try SongEmbedder(model).embed(file: path).embedding
    }
    #expect(try embedding(3) == embedding(count))
    if count > 1 { #expect(try embedding(count) != embedding(count - 1)) }
  }

  /// By which copies and moved files are known: the same whatever the model hears.
  @Test(arguments: ["akin", "mfcc"])
  func traitsAndDigestAreThoseOfTheMiddle(name: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.write(Self.samples(seconds: 190), in: folder, "song.wav")
    let model = try #require(EmbeddingModel(builtIn: name))
    let middle = try SongEmbedder(model, makesTraits: true).embed(file: path)
    for count in [2, 3] {
      let hearing = try #require(model.hearing(Excerpts(count: count)))
      let song = try SongEmbedder(hearing, makesTraits: true).embed(file: path)
      #expect(song.traits != nil && song.traits == middle.traits)
      #expect(song.soundDigest != nil && song.soundDigest == middle.soundDigest)
      #expect(song.embedding == (try SongEmbedder(hearing).embed(file: path).embedding))
    }
  }
}
