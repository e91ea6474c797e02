import Catalogue
import Foundation
import MusicLibrary
import Reproducibility
import SearchSpaces
import SongModels
import TestSupport
import Testing

/// The number that is shown beside a song: it means the same for every model, and copies of files do not change it.
@Suite struct SimilarityTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue
  private let paths: [String]

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
    paths = try TestSong.writeCollection(kinds: 5, variants: 6, in: folder("music"))
  }

  private static let builtIn = [EmbeddingModel.standard, .descriptor, .mfcc, .mfccStandardised]

  /// Everything that is answered for a song, by path.
  private func answers(_ path: String, model: EmbeddingModel) throws -> [String: Float] {
    let recommender = try Recommender(catalogue: catalogue, model: model)
    let found = try recommender.similar(to: recommender.query(named: path), count: 1000)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
    return Dictionary(uniqueKeysWithValues: found.map { ($0.track.path, $0.similarity) })
  }

  private func copy(_ path: String, to copies: [String]) throws {
    for copy in copies {
      let folder = (copy as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: path, toPath: copy)
    }
  }

  @Test(arguments: builtIn)
  func copiesAreTheSameAndChangeNothing(model: EmbeddingModel) throws {
    let indexer = Indexer(catalogue: catalogue, model: model, threads: 2)
    _ = try indexer.index([folder("music")])
    let (own, other) = (try answers(paths[3], model: model), try answers(paths[9], model: model))
    try copy(paths[3], to: [folder("elsewhere/copy.flac")])
    var asked = try answers(folder("elsewhere/copy.flac"), model: model)
    #expect(asked.removeValue(forKey: paths[3]) == 1)
    #expect(asked == own)

    for count in [1, 2, 5, 20] {
      let copies = (0..<count).map { folder("music/copies/\($0).flac") }
      try copy(paths[3], to: copies.filter { !FileManager.default.fileExists(atPath: $0) })
      _ = try indexer.index([])
      for song in [paths[3], copies[count - 1]] {
        var found = try answers(song, model: model)
        for same in [paths[3]] + copies where same != song { #expect(found.removeValue(forKey: same) == 1) }
        #expect(found == own)
      }
      var found = try answers(paths[9], model: model)
      let similarities = copies.map { found.removeValue(forKey: $0) }
      #expect(similarities.allSatisfy { $0 == other[paths[3]] } && found == other)
      let fromCopy = try answers(copies[0], model: model)
      #expect(fromCopy[paths[9]] == other[paths[3]])
    }
  }

  /// A standardised vector of the only song that there is consists of zeros.
  @Test(arguments: builtIn, [1, 2, 5])
  func aLibraryOfOneSongAndItsCopies(model: EmbeddingModel, count: Int) throws {
    let copies = (0..<count).map { folder("copies/\($0).flac") }
    try copy(paths[3], to: copies)
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([folder("copies")])
    #expect(try answers(paths[3], model: model) == Dictionary(uniqueKeysWithValues: copies.map { ($0, 1) }))
    #expect(try answers(copies[0], model: model) == Dictionary(uniqueKeysWithValues: copies[1...].map { ($0, 1) }))
    #expect(try answers(paths[9], model: model).values.allSatisfy { $0 < 1 })
  }

  /// In a collection that is larger than the samples that stand for it.
  @Test(arguments: [EmbeddingModel.descriptor, .mfccStandardised])
  func copiesChangeNothingWhereverTheyStand(model: EmbeddingModel) throws {
    var generator = SeededGenerator(seed: 5)
    let vectors = (0..<600).map { _ in
      (0..<model.dimension).map { _ in Float.random(in: -1...2, using: &generator) }
    }
    func similarities(_ vectors: [[Float]], to row: Int) throws -> [Float] {
      let songs = try SongIndex(model: model, ids: Array(vectors.indices), embeddings: Array(vectors.joined()))
      return try songs.similarities(to: .row(row))
    }
    let own = try similarities(vectors, to: 9)
    let found = try similarities([vectors[300], vectors[9], vectors[300]] + vectors, to: 12)
    #expect(found[3...] == own[...])
    #expect(found[0] == own[300] && found[1] == 1 && found[2] == own[300])
  }

  @Test(arguments: builtIn + [try! UntrainedModel.make(seed: 3)])
  func isAboutZeroAtRandomAndTheSameBothWays(model: EmbeddingModel) throws {
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([folder("music")])
    let all = try paths.map { try answers($0, model: model) }
    var similarities: [Float] = []
    for (path, answers) in zip(paths, all) {
      for (other, theirs) in zip(paths, all) where other != path {
        let similarity = try #require(answers[other])
        #expect((-1...1).contains(similarity) && theirs[path] == similarity)
        similarities.append(similarity)
      }
    }
    // Six songs of each kind are much alike, so that the mean of all is a little above 0.
    let mean = similarities.reduce(0, +) / Float(similarities.count)
    #expect(abs(mean) < 0.2, "\(mean)")
  }

  /// However a song was encoded, it is found first, and as nearly the same.
  @Test(arguments: [EmbeddingModel.standard, .descriptor])
  func anotherEncodingOfASongIsFoundFirst(model: EmbeddingModel) throws {
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([folder("music")])
    let song = TestSong(kind: 2, variant: 3)
    for name in ["other.mp3", "other.wav"] {
      try song.write(to: folder("elsewhere/\(name)"))
      let recommender = try Recommender(catalogue: catalogue, model: model)
      let found = try recommender.similar(to: recommender.query(named: folder("elsewhere/\(name)")), count: 2)
      #expect(found[0].track.path == paths[15] && found[0].similarity > 0.9, "\(name): \(found.map(\.similarity))")
    }
  }
}
