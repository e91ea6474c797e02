import AudioFeatures
import Foundation
import SongModels
import TestSupport
import Testing

@Suite struct JoinedModelTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func joined(_ parts: (EmbeddingModel, Double)...) throws -> EmbeddingModel {
    .joined(try JoinedModel(parts.map { JoinedModel.Part($0.0, weight: $0.1) }))
  }

  @Test(arguments: [1, 3])
  func vectorsAreThoseOfThePartsOneAfterAnother(excerpts: Int) throws {
    let path = folder("song.wav")
    try TestTexture(timbre: 3, rate: 2).write(to: path)
    let network = try UntrainedModel.make(seed: 1)
    let model = try joined((network, 0.5), (.mfcc, 2), (.learnedDescriptor(.standard), 1))
    let hearing = try #require(model.hearing(Excerpts(count: excerpts)))
    #expect(hearing.dimension == SongDescriptor.count + network.dimension + EmbeddingModel.mfcc.dimension)
    let song = try SongEmbedder(hearing, makesTraits: true).embed(file: path)
    // The descriptor comes first, whatever the order.
    let parts = try [EmbeddingModel.descriptor, network, .mfcc].map { part in
      let hearing = try #require(part.hearing(Excerpts(count: excerpts)))
      return try SongEmbedder(hearing, makesTraits: true).embed(file: path)
    }
    #expect(song.embedding == parts.flatMap(\.embedding))
    #expect(song.traits == parts[0].traits && song.info == parts[0].info)
  }

  @Test func partsNameTheVectorsAndWeightsTheSpace() throws {
    let network = try UntrainedModel.make(seed: 1)
    let model = try joined((.descriptor, 1), (network, 0.5))
    let others = [
      try joined((.descriptor, 1), (network, 0.25)), try joined((.learnedDescriptor(.standard), 1), (network, 0.5)),
      try joined((.descriptor, 1), (UntrainedModel.make(seed: 2), 0.5)),
      try #require(model.hearing(Excerpts(count: 3))),
    ]
    #expect(others.map { $0.identifier == model.identifier } == [true, true, false, false])
    #expect(Set(others.map(\.spaceIdentifier) + [model.spaceIdentifier]).count == 5)
    #expect(model.name == "descriptor+\(network.name)" && model.excerpts == .middle)
    #expect(others[3].hearing(.middle)?.spaceIdentifier == model.spaceIdentifier)
  }

  @Test func theFileHoldsTheParts() throws {
    let model = try joined((.learnedDescriptor(.standard), 1), (UntrainedModel.make(seed: 1), 0.3), (.mfcc, 0.1))
    let path = folder("joined.safetensors")
    let data = try #require(model.fileData)
    try data.write(to: URL(filePath: path))
    let read = try EmbeddingModel(file: path)
    #expect(read.spaceIdentifier == model.spaceIdentifier && read.name == model.name)
    #expect(read.fileData == data)
    // Of another version, in which the name means another model.
    let space = EmbeddingModel.learnedDescriptor(.standard).spaceIdentifier
    let text = try #require(String(data: data, encoding: .isoLatin1)).replacing(space, with: space.uppercased())
    try #require(text.data(using: .isoLatin1)).write(to: URL(filePath: path))
    let error = #expect(throws: ModelError.self) { try EmbeddingModel(file: path) }
    #expect(error?.description.contains("another version's descriptor-learned") == true)
  }

  @Test("A part that is joined itself brings its parts, which count as much together")
  func joinedParts() throws {
    let network = try UntrainedModel.make(seed: 1)
    guard case .joined(let model) = try joined((network, 1), (.standard, 0.5)).method else { return }
    #expect(model.parts.map(\.model.name) == ["descriptor-learned", network.name, "character"])
    #expect(zip(model.parts, [0.4, 1, 0.1]).allSatisfy { abs($0.weight - $1) < 1e-12 })
    #expect(!model.isStandard)
  }

  @Test("The default is joined of what is in the box, and known without being unpacked")
  func theDefault() throws {
    let standard = EmbeddingModel.standard
    #expect(standard.name == "akin" && standard.identifier.hasPrefix("akin-") && standard.fileData == nil)
    let three = try #require(standard.hearing(Excerpts(count: 3)))
    #expect(three.name == "akin-3-excerpts" && three.identifier == standard.identifier + "-3-excerpts")
    #expect(EmbeddingModel(builtIn: "akin-3-excerpts")?.spaceIdentifier == three.spaceIdentifier)
    #expect(EmbeddingModel(builtIn: "descriptor-learned")?.identifier == EmbeddingModel.descriptor.identifier)
  }

  @Test func whatCannotBeJoinedIsRefused() throws {
    let network = try UntrainedModel.make(seed: 1)
    let foreign = EmbeddingModel.foreign(try #require(ForeignModel(name: "clap", dimension: 3)))
    func reason(_ parts: (EmbeddingModel, Double)...) throws -> String {
      let error = #expect(throws: ModelError.self) {
        try JoinedModel(parts.map { JoinedModel.Part($0.0, weight: $0.1) })
      }
      return try #require(error).description
    }
    #expect(try reason((.descriptor, 1), (foreign, 1)).contains("clap cannot be used: another program"))
    #expect(try reason((.descriptor, 1), (.learnedDescriptor(.standard), 1)).contains("the same vectors"))
    for weight in [0, -1, .nan, .infinity, 1e4] {
      #expect(try reason((.descriptor, weight), (network, 1)).contains("does not lie between 0.001 and 1000"))
    }
  }
}
