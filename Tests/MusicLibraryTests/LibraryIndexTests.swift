import Catalogue
import Files
import Foundation
import MusicLibrary
import NearestNeighbors
import SearchSpaces
import SongModels
import Synchronization
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

  private func answers(
    _ model: EmbeddingModel = .mfccStandardised, note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> [[Recommendation]] {
    let recommender = try Recommender(catalogue: catalogue, model: model, note: note)
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
    #expect(try file(model).read(revision: revision(model), changes: []) != nil)
    #expect(try answers(model) == built)
    #expect(built.count == 8 && built.allSatisfy { $0.count == 8 })
  }

  @Test func indexingLeavesAFileForEachSpace() throws {
    #expect(try file().read(revision: revision(), changes: []) != nil)
    #expect(try file(.mfcc).read(revision: revision(), changes: []) == nil)
    // One space's file is not taken for the other's.
    try FileManager.default.copyItem(atPath: file().path, toPath: file(.mfcc).path)
    #expect(try file(.mfcc).read(revision: revision(), changes: []) == nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(""))
    #expect(names.filter { $0.hasSuffix(".index") }.count == 2 && !names.contains { $0.contains(".index.") })
  }

  @Test func changesOfTheCatalogueAreSeen() throws {
    let gone = try #require(try catalogue.track(path: paths[0]))
    #expect(try answers()[1].contains { $0.track.path == paths[0] })
    try catalogue.forget([gone.id])
    #expect(try file().read(revision: revision(), changes: []) == nil)
    let notes = Notes()
    #expect(try answers(note: notes.add).allSatisfy { $0.count == 7 && !$0.contains { $0.track.path == paths[0] } })
    #expect(notes.all.isEmpty)
    #expect(try file().read(revision: revision(), changes: []) != nil)
  }

  @Test func anotherCataloguesFileIsNotTaken() throws {
    let other = try Catalogue(path: folder("other.sqlite"))
    _ = try Indexer(catalogue: other, model: .mfccStandardised, threads: 2).index([folder("music/artist 0")])
    let theirs = LibraryIndexFile(catalogue: other.path, model: .mfccStandardised).path
    let expected = try answers()
    try FileManager.default.removeItem(atPath: file().path)
    try FileManager.default.copyItem(atPath: theirs, toPath: file().path)
    let notes = Notes()
    #expect(try answers(note: notes.add) == expected)
    #expect(notes.all.isEmpty)
  }

  /// What was noted, by any thread.
  private final class Notes: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func add(_ text: String) { texts.withLock { $0.append(text) } }
  }

  /// Every part of the file, changed, and the file cut short or longer: no answer is made of it, each damage is noted,
  /// and the file made good.
  @Test(arguments: [EmbeddingModel.descriptor, .mfccStandardised])
  func damageIsNoticedAndHealed(model: EmbeddingModel) throws {
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([])
    let (revision, file) = (try revision(model), file(model))
    let whole = try Data(contentsOf: URL(filePath: file.path))
    let expected = try answers(model)
    // The eight songs' values are the last part. The words at the beginning say which file it is.
    let values = whole.count - 8 * 4 * ((model.dimension + 15) / 16 * 16)
    func check(_ data: Data, _ what: String, isNoted: Bool = true) throws {
      try data.write(to: URL(filePath: file.path))
      let notes = Notes()
      #expect(try answers(model, note: notes.add) == expected, "\(what)")
      #expect(notes.all.count == (isNoted ? 1 : 0) && notes.all.allSatisfy { $0.contains(file.path) }, "\(what)")
      #expect(try Data(contentsOf: URL(filePath: file.path)) == whole, "\(what)")
    }
    func changed(_ place: Int, _ bits: UInt8 = 16) -> Data {
      var data = whole
      data[place] ^= bits
      return data
    }
    for place in 0..<64 { try check(changed(place), "byte \(place)") }
    for place in Array(stride(from: 64, to: values, by: values / 31)) + [values - 1] {
      try check(changed(place), "byte \(place)")
    }
    for place in Array(stride(from: values, to: whole.count, by: (whole.count - values) / 31)) + [whole.count - 1] {
      // The head is as it was, and so it is read; whoever reads the values notices.
      try changed(place).write(to: URL(filePath: file.path))
      let songs = try #require(try file.read(revision: revision, changes: []))
      #expect(throws: NearestNeighborsError.damaged) { try songs.searchVectors() }
      #expect(throws: NearestNeighborsError.damaged) {
        for row in 0..<8 { _ = try songs.similarities(to: .row(row)) }
      }
      try check(changed(place), "byte \(place)")
    }
    for length in [1, 63, 64, 65, 128, whole.count / 2, whole.count - 64, whole.count - 1] {
      try check(whole.prefix(length), "\(length) bytes")
    }
    try check(Data(), "nothing", isNoted: false)
    try check(Data("AKININDX".utf8) + whole.dropFirst(8), "an earlier version", isNoted: false)
    try check(whole + Data(count: 64), "longer")
    try check(Data(repeating: 255, count: whole.count), "all ones")
    var zeros = whole
    zeros.replaceSubrange(values + 4096..<whole.count, with: Data(count: whole.count - values - 4096))
    try check(zeros, "pages that were never written")
    var swapped = whole
    swapped.replaceSubrange(values..<values + 640, with: whole[values + 640..<values + 1280])
    try check(swapped, "a part in another's place")
  }

  /// A map reads all vectors.
  @Test func aMapIsMadeOfWholeVectors() throws {
    func coordinates(_ notes: Notes) throws -> [SIMD2<Float>] {
      let model = EmbeddingModel.mfccStandardised
      return try MusicMap(catalogue: catalogue, model: model, perplexity: 2, threads: 1, note: notes.add)
        .coordinates
    }
    let notes = Notes()
    let expected = try coordinates(notes)
    var data = try Data(contentsOf: URL(filePath: file().path))
    data[data.count - 100] ^= 1
    try data.write(to: URL(filePath: file().path))
    #expect(notes.all.isEmpty)
    #expect(try coordinates(notes) == expected)
    #expect(notes.all.count == 1)
  }

  @Test func aFileThatCannotBeWrittenIsNotNeeded() throws {
    let expected = try answers()
    try FileManager.default.removeItem(atPath: file().path)
    try FileManager.default.createDirectory(atPath: file().path + "/in the way", withIntermediateDirectories: true)
    #expect(try answers() == expected)
    let index = try #require(try LibraryIndex(catalogue: catalogue, model: .mfccStandardised)).songs
    #expect(throws: FileError.self) { try file().write(index, revision: 1) }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(""))
    #expect(!names.contains { $0.contains(".index.") })
  }
}
