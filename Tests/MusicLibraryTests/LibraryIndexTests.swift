import Catalogue
import Files
import Foundation
import MusicLibrary
import SongModels
import TestSupport
import Testing

@Suite struct LibraryIndexTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue
  private let paths: [String]

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
    paths = try TestSong.writeCollection(kinds: 2, variants: 4, in: folder("music"))
    _ = try Indexer(catalogue: catalogue, model: .mfccStandardised, threads: 2).index([folder("music")])
  }

  private func file(_ model: EmbeddingModel = .mfccStandardised) -> LibraryIndexFile {
    LibraryIndexFile(catalogue: catalogue.path, model: model)
  }

  private func revision(_ model: EmbeddingModel) throws -> Int64 {
    try #require(try catalogue.revision(model: model.identifier))
  }

  private func revision() throws -> Int64 { try revision(.mfccStandardised) }

  private func answers(_ model: EmbeddingModel = .mfccStandardised) throws -> [[Recommendation]] {
    let recommender = try Recommender(catalogue: catalogue, model: model)
    return try paths.compactMap { path in
      guard let track = try catalogue.track(path: path) else { return nil }
      let embedding = try #require(try catalogue.embedding(of: track.id, model: model.identifier))
      return try recommender.similar(to: Recommender.Query(embedding: embedding), count: 8)
    }
  }

  @Test(arguments: [EmbeddingModel.descriptor, .mfcc, .mfccStandardised])
  func answersAreThoseOfTheCatalogue(model: EmbeddingModel) throws {
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([])
    if FileManager.default.fileExists(atPath: file(model).path) {
      try FileManager.default.removeItem(atPath: file(model).path)
    }
    let built = try answers(model)
    #expect(try file(model).read(revision: revision(model)) != nil)
    #expect(try answers(model) == built)
    #expect(built.count == 8 && built.allSatisfy { $0.count == 8 })
  }

  @Test func indexingLeavesAFileForEachSpace() throws {
    #expect(try file().read(revision: revision()) != nil)
    #expect(try file(.mfcc).read(revision: revision()) == nil)
    // One space's file is not taken for the other's.
    try FileManager.default.copyItem(atPath: file().path, toPath: file(.mfcc).path)
    #expect(try file(.mfcc).read(revision: revision()) == nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(""))
    #expect(names.filter { $0.hasSuffix(".index") }.count == 2 && !names.contains { $0.contains(".index.") })
  }

  @Test func changesOfTheCatalogueAreSeen() throws {
    let gone = try #require(try catalogue.track(path: paths[0]))
    #expect(try answers()[1].contains { $0.track.path == paths[0] })
    try catalogue.forget([gone.id])
    #expect(try file().read(revision: revision()) == nil)
    #expect(try answers().allSatisfy { $0.count == 7 && !$0.contains { $0.track.path == paths[0] } })
    #expect(try file().read(revision: revision()) != nil)
  }

  @Test func anotherCataloguesFileIsNotTaken() throws {
    let other = try Catalogue(path: folder("other.sqlite"))
    _ = try Indexer(catalogue: other, model: .mfccStandardised, threads: 2).index([folder("music/artist 0")])
    let theirs = LibraryIndexFile(catalogue: other.path, model: .mfccStandardised).path
    let expected = try answers()
    try FileManager.default.removeItem(atPath: file().path)
    try FileManager.default.copyItem(atPath: theirs, toPath: file().path)
    #expect(try answers() == expected)
  }

  /// Every part of the file but the vectors' values, changed, and the file cut short or longer: all of it is noticed,
  /// and made good.
  @Test(arguments: [EmbeddingModel.descriptor, .mfccStandardised])
  func damageIsNoticed(model: EmbeddingModel) throws {
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([])
    let (revision, file) = (try revision(model), file(model))
    let whole = try Data(contentsOf: URL(filePath: file.path))
    let expected = try answers(model)
    func check(_ data: Data, _ what: String) throws {
      try data.write(to: URL(filePath: file.path))
      let isRead = file.read(revision: revision) != nil
      #expect(!isRead, "\(what)")
    }
    // The eight songs' values are the last part.
    let checked = whole.count - 8 * 4 * ((model.dimension + 15) / 16 * 16)
    for place in Array(0..<72) + Array(stride(from: 73, to: checked, by: 37)) + [checked - 1] {
      var data = whole
      data[place] ^= 16
      try check(data, "byte \(place)")
    }
    for length in [0, 1, 63, 64, 65, 128, whole.count / 2, whole.count - 64, whole.count - 1] {
      try check(whole.prefix(length), "\(length) bytes")
    }
    try check(whole + Data(count: 64), "longer")
    try check(Data(repeating: 255, count: whole.count), "all ones")
    var zeros = whole
    zeros.replaceSubrange(checked / 2..<whole.count, with: Data(count: whole.count - checked / 2))
    try check(zeros, "pages that were never written")
    #expect(try answers(model) == expected)
    #expect(file.read(revision: revision) != nil)
  }

  @Test func aFileThatCannotBeWrittenIsNotNeeded() throws {
    let expected = try answers()
    try FileManager.default.removeItem(atPath: file().path)
    try FileManager.default.createDirectory(atPath: file().path + "/in the way", withIntermediateDirectories: true)
    #expect(try answers() == expected)
    let index = try #require(try LibraryIndex.open(catalogue: catalogue, model: .mfccStandardised))
    #expect(throws: FileError.self) { try file().write(index, revision: 1) }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(""))
    #expect(!names.contains { $0.contains(".index.") })
  }
}
