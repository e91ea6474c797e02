import Catalogue
import Datasets
import Foundation
import MetricLearning
import MusicLibrary
import SongModels
import TestSupport
import Testing
import Training

/// A learned descriptor answering for a library, and the model in the box, which is one.
@Suite struct LearnedModelTests {
  private let folder: TemporaryFolder
  private let paths: [String]

  init() throws {
    folder = try TemporaryFolder()
    paths = try TestSong.writeCollection(kinds: 4, variants: 4, in: folder("music"))
  }

  @Test func answersForALibraryOnceAdopted() throws {
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    let learned = EmbeddingModel.learnedDescriptor(try learned())
    try catalogue.adopt(learned)
    let model = try ModelChoice(named: nil, catalogue: catalogue).model
    #expect(model.identifier == learned.identifier)
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([folder("music")])
    let recommender = try Recommender(catalogue: catalogue, model: model)
    let query = try recommender.query(named: paths[5])
    let found = try recommender.similar(to: query, count: 3)
    #expect(found.count == 3 && found.allSatisfy { $0.track.tags.artist == "Artist 1" })
  }

  @Test func theModelInTheBoxSharesTheVectorsOfTheDescriptor() throws {
    let standard = EmbeddingModel.learnedDescriptor(.standard)
    #expect(EmbeddingModel(builtIn: "descriptor-learned")?.name == standard.name)
    #expect(standard.identifier == EmbeddingModel.descriptor.identifier)
    let model = DescriptorModel.standard
    #expect(model.isStandard && model.normalisation.count == 128 && model.provenance.songs > 800)
    #expect(model.identifier == DescriptorModel.identifier(of: model.normalisation))
    // So that it is no burden to the package.
    #expect(model.normalisation.directions.count * 2 < 1_000_000)

    // It compares otherwise than the untrained one, from the same vectors and from files of its own.
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    _ = try Indexer(catalogue: catalogue, model: standard, threads: 2).index([folder("music")])
    let answers = try [standard, .descriptor, standard].map { model in
      let recommender = try Recommender(catalogue: catalogue, model: model)
      let query = try recommender.query(named: paths[0])
      return try recommender.similar(to: query, count: 15)
    }
    #expect(answers[0] == answers[2] && answers[0] != answers[1])
    #expect(answers.allSatisfy { $0.prefix(3).allSatisfy { $0.track.tags.artist == "Artist 0" } })
  }

  private func learned() throws -> DescriptorModel {
    let songs = paths.enumerated().map { index, path in
      var song = Manifest.Song(path: path)
      song.className = "artist \(index / 4)"
      return song
    }
    return try DescriptorLearner(songs: Manifest(songs: songs, folder: folder.url)).learn(threads: 2) { _, _ in }.model
  }
}
