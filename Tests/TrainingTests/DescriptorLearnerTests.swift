import AudioFeatures
import Datasets
import Foundation
import MetricLearning
import NeuralNetwork
import SongModels
import TestSupport
import Testing
import Training

/// What is learned of descriptors.
@Suite struct DescriptorLearnerTests {
  private let folder: TemporaryFolder
  private let songs: Manifest

  init() throws {
    folder = try TemporaryFolder()
    let paths = try TestSong.writeCollection(kinds: 4, variants: 4, in: folder("music"))
    songs = Manifest(
      songs: paths.enumerated().map { index, path in
        var song = Manifest.Song(path: path)
        song.className = "artist \(index / 4)"
        song.genre = "genre \(index / 8)"
        song.extra = ["collection \(index / 8)"]
        return song
      }, extraColumns: ["collection"], folder: folder.url)
  }

  private func learn(_ songs: Manifest, threads: Int = 2) throws -> DescriptorLearner.Result {
    try DescriptorLearner(songs: songs).learn(threads: threads) { _, _ in }
  }

  @Test func learnsTheSameFromTheSameSongs() throws {
    let result = try learn(songs)
    #expect(result.skipped.isEmpty)
    #expect(result.model.provenance.songs == 16 && result.model.provenance.classes == 4)
    // Each collection has one genre, and so none to spare.
    #expect(result.model.provenance.genres == 0)
    #expect(result.model.normalisation.count > 8)
    #expect(try learn(songs, threads: 1).model == result.model)
    var joined = songs
    for index in joined.songs.indices { joined.songs[index].extra = ["all"] }
    let other = try learn(joined).model
    #expect(other.provenance.genres == 2 && other.identifier != result.model.identifier)
  }

  @Test func halvesOfSongsNeedNoLabels() throws {
    var unlabelled = songs
    for index in unlabelled.songs.indices {
      unlabelled.songs[index].className = ""
      unlabelled.songs[index].genre = ""
    }
    let model = try learn(unlabelled).model
    #expect(model.provenance.classes == 0 && model.normalisation.count > 8)
  }

  /// Songs this short have one excerpt, whatever is asked for: the same directions, for a model that hears more.
  @Test func aModelOfSeveralExcerptsHearsThemWhereverItIsUsed() throws {
    var learner = DescriptorLearner(songs: songs)
    learner.excerpts = Excerpts(count: 3)
    let several = try learner.learn(threads: 2) { _, _ in }.model
    let one = try learn(songs).model
    #expect(several.normalisation == one.normalisation && several.identifier != one.identifier)
    #expect(several.excerpts == Excerpts(count: 3) && one.excerpts == .middle)
    #expect(try EmbeddingModel(data: several.data, name: "m").excerpts == Excerpts(count: 3))
  }

  @Test func leavesOutWhatCannotBeHeard() throws {
    try Data("no music".utf8).write(to: folder.url.appending(path: "broken.flac"))
    var more = songs
    more.songs.insert(Manifest.Song(path: folder("broken.flac")), at: 3)
    more.songs[3].extra = ["collection 0"]
    let result = try learn(more)
    #expect(result.skipped.map(\.path) == [folder("broken.flac")])
    #expect(result.model == (try learn(songs).model))
    more.songs = [more.songs[3]]
    let error = try #require(throws: DatasetError.self) { try learn(more) }
    #expect(error.description.contains("too few"))
  }

  @Test func filesGiveTheModelBack() throws {
    let learned = try learn(songs).model
    let path = folder("model.safetensors")
    try learned.data.write(to: URL(filePath: path))
    let model = try EmbeddingModel(file: path)
    guard case .learnedDescriptor(let read) = model.method else {
      Issue.record("\(model.name) is no learned descriptor")
      return
    }
    #expect(read == learned && model.name == "descriptor-\(learned.identifier.prefix(8))")
    #expect(model.identifier == learned.identifier && model.dimension == SongDescriptor.count)

    var content = try Safetensors(data: learned.data)
    content.tensors["directions"]?.values[5] += 0.01
    func reason(_ content: Safetensors) throws -> String {
      try content.data.write(to: URL(filePath: path))
      return try #require(throws: ModelError.self) { try EmbeddingModel(file: path) }.description
    }
    #expect(try reason(content).contains("do not match its identifier"))
    content.tensors["directions"]?.values[5] = .nan
    #expect(try reason(content).contains("outside -1...1"))
    content.tensors["directions"] = .init(shape: [1, 3], values: [0, 0, 0])
    #expect(try reason(content).contains("[1, 3]"))
    content.tensors = [:]
    #expect(try reason(content).contains("has no directions"))
  }
}
