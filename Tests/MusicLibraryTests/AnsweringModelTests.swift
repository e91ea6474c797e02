import Catalogue
import Foundation
import MusicLibrary
import SongModels
import TestSupport
import Testing

/// Which model answers while another one is on its way.
@Suite struct AnsweringModelTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
    for kind in 0..<4 { try TestSong(kind: kind, variant: 0, seconds: 0.5).write(to: folder("music/\(kind).wav")) }
  }

  private func index(_ model: EmbeddingModel, _ names: String...) throws {
    _ = try Indexer(catalogue: catalogue, model: model, threads: 1).index(names.map { folder($0) })
  }

  private func choice(_ name: String? = nil) throws -> (model: String, note: String?) {
    let choice = try ModelChoice(answering: name, catalogue: catalogue)
    return (choice.model.identifier, choice.note)
  }

  @Test func theFormerModelAnswersUntilTheNewOneHasHeardAll() throws {
    try index(.standard, "music")
    #expect(try choice() == (EmbeddingModel.standard.identifier, nil))
    let network = try UntrainedModel.make(seed: 1)
    try catalogue.adopt(network)
    #expect(try choice().model == EmbeddingModel.standard.identifier)
    try index(network, "music/0.wav", "music/1.wav")
    let note = try #require(try choice().note)
    #expect(note.contains("\(network.name) has heard 2 of 4 songs") && note.contains("akin answers"))
    // The status says the same.
    func status() throws -> [Bool] { try LibraryStatus(of: catalogue).models.map(\.current) }
    #expect(try status() == [true, false])
    // Who names a model gets it.
    #expect(try choice(network.name) == (network.identifier, nil))
    try index(network)
    #expect(try choice() == (network.identifier, nil))
    #expect(try status() == [false, true])
    // A song that only it has heard changes nothing, and one that nobody has heard neither.
    try TestSong(kind: 5, variant: 0, seconds: 0.5).write(to: folder("music/5.wav"))
    try index(network)
    #expect(try choice() == (network.identifier, nil))
  }

  /// A library hears several excerpts of its songs from now on.
  @Test func theVectorsOfTheMiddleAnswerUntilAllExcerptsAreHeard() throws {
    try index(.standard, "music")
    let several = try ModelChoice(named: nil, hearing: Excerpts(count: 3), catalogue: catalogue).model
    #expect(several.name == "akin-3-excerpts")
    try catalogue.adopt(several)
    #expect(try choice().model == EmbeddingModel.standard.identifier)
    #expect(try ModelChoice(named: nil, catalogue: catalogue).model.spaceIdentifier == several.spaceIdentifier)
    try index(several, "music/0.wav")
    let note = try #require(try choice().note)
    #expect(note.contains("akin-3-excerpts has heard 1 of 4 songs") && note.contains("akin answers"))
    try index(several)
    let answering = try ModelChoice(answering: nil, catalogue: catalogue).model
    #expect(answering.name == "akin-3-excerpts" && answering.spaceIdentifier == several.spaceIdentifier)
    #expect(try Recommender(catalogue: catalogue, model: answering).model.identifier == several.identifier)
    // By name, as any model of the library.
    #expect(try ModelChoice(named: "akin-3-excerpts", catalogue: catalogue).model.identifier == several.identifier)
    let middle = try ModelChoice(named: nil, hearing: .middle, catalogue: catalogue).model
    #expect(middle.spaceIdentifier == EmbeddingModel.standard.spaceIdentifier)
    try catalogue.adopt(middle)
    #expect(try catalogue.currentModel() == nil && choice().model == EmbeddingModel.standard.identifier)
  }

  @Test func aNetworkOfTheLibraryHearsMoreAndKeepsIt() throws {
    let network = try UntrainedModel.make(seed: 1)
    try catalogue.adopt(network)
    let several = try ModelChoice(named: nil, hearing: Excerpts(count: 2), catalogue: catalogue).model
    #expect(several.identifier != network.identifier)
    try catalogue.adopt(several)
    let chosen = try ModelChoice(named: nil, catalogue: catalogue).model
    #expect(chosen.identifier == several.identifier && chosen.excerpts == Excerpts(count: 2))
  }

  @Test func aModelThatHearsNothingCannotHearExcerpts() throws {
    let foreign = EmbeddingModel.foreign(try #require(ForeignModel(name: "clap", dimension: 3)))
    try catalogue.adopt(foreign)
    #expect(throws: ModelError.self) {
      try ModelChoice(named: nil, hearing: Excerpts(count: 2), catalogue: catalogue)
    }
  }

  @Test func aSongThatCannotBeHeardIsNotWaitedFor() throws {
    try index(.descriptor, "music")
    try folder.write("no music any more", to: "music/0.wav")
    let network = try UntrainedModel.make(seed: 1)
    try catalogue.adopt(network)
    try index(network, "music")
    #expect(try choice() == (network.identifier, nil))
  }

  @Test func aModelWhoseFileTheLibraryDoesNotHoldIsPassedOver() throws {
    try index(.mfcc, "music")
    let network = try UntrainedModel.make(seed: 1)
    let stranger = Catalogue.Model(identifier: "stranger", name: "stranger", kind: "test", dimension: 1)
    try catalogue.store(model: stranger)
    let states = try catalogue.fileStates(under: folder.path, model: nil)
    try catalogue.store(
      states.map { state in
        IndexedTrack(
          path: state.path, fileSize: state.fileSize, modificationTime: state.modificationTime,
          embeddings: ["stranger": [1]])
      })
    try catalogue.adopt(network)
    #expect(try choice().model == EmbeddingModel.mfcc.identifier)
  }

  @Test func withoutAnyVectorsTheChosenModelIsAsked() throws {
    #expect(try choice() == (EmbeddingModel.standard.identifier, nil))
  }
}
