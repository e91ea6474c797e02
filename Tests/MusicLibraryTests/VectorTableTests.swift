import AudioFeatures
import Catalogue
import Files
import Foundation
import MusicLibrary
import SongModels
import TestSupport
import Testing

@Suite struct VectorTableTests {
  private let library: InventedLibrary
  private let folder: TemporaryFolder

  init() throws {
    library = try InventedLibrary(
      (0..<4).map { .init(degrees: Double($0 * $0) * 10, path: "/music/\($0)\u{E9} \"x\".flac") })
    folder = try TemporaryFolder()
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let table = try VectorTable(model: .mfcc, in: library.catalogue)
    #expect(table.paths.count == 4 && table.dimension == 140)
    try table.writeNPY(to: folder("v.npy"))
    #expect(try VectorTable(file: folder("v.npy")) == table)
    try folder.write(table.paths.indices.map { table.jsonLine($0) + "\n" }.joined(), to: "v.jsonl")
    #expect(try VectorTable(file: folder("v.jsonl")) == table)
  }

  @Test func anotherProgramsVectorsAreSearchedByTheCosine() throws {
    let paths = try VectorTable(model: .mfcc, in: library.catalogue).paths
    // The other way round: 0 and 3 are near, and so are 1 and 2.
    let lines = zip(paths, ["1,0", "0,2", "0.1,3", "5,0.2"]).map { #"{"embedding":[\#($1)],"path":\#(JSON.text($0))}"# }
    try folder.write(
      (lines + [#"{"path":"/elsewhere.mp3","embedding":[1,1]}"#, ""]).joined(separator: "\n"), to: "own.jsonl")
    let model = try #require(ForeignModel(name: "own", dimension: 2))
    #expect(try library.catalogue.add(VectorTable(file: folder("own.jsonl")), of: model) == ["/elsewhere.mp3"])

    let chosen = try ModelChoice(named: "own", catalogue: library.catalogue).model
    #expect(chosen.identifier == model.identifier && chosen.dimension == 2)
    let recommender = try Recommender(catalogue: library.catalogue, model: chosen)
    #expect(library.numbers(try recommender.similar(to: recommender.query(named: paths[0]), count: 1)) == [3])
    #expect(library.numbers(try recommender.similar(to: recommender.query(named: paths[1]), count: 1)) == [2])
    // A song that is in no library cannot be heard with it.
    try folder.write("no song", to: "x.wav")
    let error = #expect(throws: ModelError.self) { try recommender.query(named: folder("x.wav")) }
    #expect(error?.description.contains("akin library add-vectors") == true)

    // With other vectors, also of another length, the name means those.
    try NumPyArray(shape: [2, 3], values: [1, 0, 0, 0, 1, 0]).write(to: URL(filePath: folder("own.npy")))
    try folder.write(JSON.text(Array(paths.prefix(2))), to: "own.paths.json")
    let table = try VectorTable(file: folder("own.npy"))
    #expect(try library.catalogue.add(table, of: #require(ForeignModel(name: "own", dimension: 3))).isEmpty)
    let anew = try ModelChoice(named: "own", catalogue: library.catalogue).model
    #expect(try Recommender(catalogue: library.catalogue, model: anew).count == 2)
  }

  @Test(arguments: [
    ("{\"path\":\"a\",\"embedding\":[1,2]}\n{\"path\":\"b\",\"embedding\":[1]}\n", "line 2 has 1 numbers"),
    ("{\"path\":\"a\"}", "line 1 is not"), ("", "no vectors"), ("{\"path\":\"a\",\"embedding\":[]}", "not 1 to"),
    ("{\"path\":\"a\",\"embedding\":[\"NaN\"]}", "not finite"), ("nonsense", "line 1 is not"),
  ])
  func badLinesAreTold(content: String, reason: String) throws {
    try folder.write(content, to: "bad.jsonl")
    let error = #expect(throws: FileError.self) { try VectorTable(file: folder("bad.jsonl")) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func badArraysAreTold() throws {
    func reason() -> String? {
      do { _ = try VectorTable(file: folder("bad.npy")) } catch { return "\(error)" }
      return nil
    }
    try folder.write("nonsense", to: "bad.npy")
    #expect(reason()?.contains("NumPy") == true)
    try NumPyArray(shape: [2], values: [1, 2]).write(to: URL(filePath: folder("bad.npy")))
    #expect(reason()?.contains("shape") == true)
    try NumPyArray(shape: [2, 1], values: [1, 2]).write(to: URL(filePath: folder("bad.npy")))
    #expect(reason()?.contains("bad.paths.json") == true)
    try folder.write("[\"a\"]", to: "bad.paths.json")
    #expect(reason()?.contains("1 paths for 2 vectors") == true)
  }

  @Test(arguments: ["", "akin", "MFCC", "-x", "a b", "a/b", ".x"])
  func namesThatMeanSomethingElseAreNone(name: String) { #expect(ForeignModel(name: name, dimension: 2) == nil) }

  @Test func aLibraryAndItsPackedFilesAreChecked() throws {
    _ = try library.recommender
    let whole = try LibraryCheck(library.catalogue)
    #expect(whole.faults.isEmpty && whole.packedFaults.isEmpty && whole.outdated.isEmpty)
    let file = LibraryIndexFile(catalogue: library.catalogue.path, model: .mfcc).path
    var data = try Data(contentsOf: URL(filePath: file))
    data[data.count - 1] ^= 1
    try data.write(to: URL(filePath: file))
    #expect(try LibraryCheck(library.catalogue).packedFaults.map(\.item) == [file])
    // A change of the library leaves the file behind.
    _ = try library.catalogue.forget([library.ids[0]])
    #expect(try LibraryCheck(library.catalogue).outdated == [file])
  }
}
