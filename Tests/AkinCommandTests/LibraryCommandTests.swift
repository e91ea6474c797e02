import Catalogue
import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite(.needsTheProgram) struct LibraryCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    try catalogue.store(model: .init(identifier: "mfcc-1", name: "mfcc", kind: "mfcc", dimension: 140))
    try catalogue.store(
      (0..<20).map { number in
        var vector = [Float](repeating: 0, count: 140)
        vector[number / 4] = 1
        vector[139] = Float(number) / 100
        return IndexedTrack(
          path: "/old/\(number).flac", fileSize: 1, modificationTime: 1,
          tags: AudioTags(title: "\(number)", artists: ["Artist \(number / 4)"]), embeddings: ["mfcc-1": vector])
      })
    try catalogue.addRoot("/old")
  }

  private func akin(_ arguments: String...) throws -> AkinProcess.Output { try AkinProcess.run(arguments, in: folder) }

  @Test func aCopyIsRestoredWithOtherPaths() throws {
    #expect(try akin("library", "export", "copy.akin").status == 0)
    let again = try akin("library", "export", "copy.akin")
    #expect(again.status == 1 && again.standardError.contains("--force"))
    #expect(try akin("library", "export", "copy.akin", "--force").status == 0)
    #expect(try akin("library", "export", "library.sqlite", "--force").status == 1)

    let refused = try akin("library", "import", "copy.akin")
    #expect(refused.status == 1 && refused.standardError.contains("--force"))
    let new = try akin("library", "import", "copy.akin", "--library", "new.sqlite", "--map", "/old=/mnt/new")
    #expect(new.status == 0 && new.standardError.contains("20 songs restored"))
    let similar = try akin("similar", "/mnt/new/3.flac", "--model", "mfcc", "--library", "new.sqlite", "--json")
    #expect(similar.status == 0 && similar.standardOutput.contains("/mnt/new/2.flac"))
    #expect(try akin("library", "import", "copy.akin", "--force").status == 0)
    for map in ["old=/new", "/old", "/old=new", "/a=/b=/c"] {
      #expect(try akin("library", "import", "copy.akin", "--map", map).status == 64)
    }
    #expect(try akin("library", "import", "missing").standardError.contains("there is no such file"))
  }

  @Test func aLibraryIsNotReplacedUnderAnIndexer() throws {
    #expect(try akin("library", "export", "copy.akin").status == 0)
    // As an indexer does it.
    let descriptor = open(folder.url.path, O_RDONLY)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let refused = try akin("library", "import", "copy.akin", "--force")
    #expect(refused.status == 1 && refused.standardError.contains("akin index is at work"))
    flock(descriptor, LOCK_UN)
    let map = try akin("library", "import", "copy.akin", "--force", "--map", "/elsewhere=/new")
    #expect(map.status == 0 && map.standardError.contains("--map moved none"))
  }

  @Test func aCopyTakesNoNameOfFilesBesideTheLibrary() throws {
    for name in ["library.sqlite-wal", "other-shm", "library.sqlite-journal", "library.sqlite-mfcc-1.index"] {
      let output = try akin("library", "export", name, "--force")
      #expect(output.status == 1 && output.standardError.contains("Name another file"), "\(name): \(output)")
      #expect(!FileManager.default.fileExists(atPath: folder(name)))
    }
    #expect(try akin("library", "export", "library.sqlite-2026.index.akin").status == 0)
  }

  /// A library that takes long to copy.
  private func largeLibrary() throws {
    var generator = SystemRandomNumberGenerator()
    let names = (0..<40_000).map { number in
      "/\(number)" + (0..<250).map { _ in String(generator.next(), radix: 16) }.joined()
    }
    try Catalogue(path: folder("library.sqlite")).changeMountPoints(add: names, remove: [])
  }

  @Test(arguments: ["export copy.akin", "import library.sqlite --library new.sqlite"])
  func whatIsInterruptedLeavesNothingBehind(command: String) throws {
    try largeLibrary()
    func files() throws -> Set<String> {
      Set(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
          $0.contains(".sqlite") || $0.contains(".akin")
        })
    }
    let before = try files()
    let running = try AkinProcess.start(["library"] + command.split(separator: " ").map(String.init), in: folder)
    try running.wait {
      try !files().subtracting(before).filter { $0.contains("-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
        .isEmpty
    }
    kill(running.process.processIdentifier, SIGTERM)
    let output = try running.finish()
    #expect(output.status == 130 && !output.isSignalled, "\(output)")
    let left = try files().subtracting(before).filter { !$0.hasPrefix("library.sqlite-") }
    #expect(left.isEmpty, "\(left)")
  }

  @Test func aBlockedSongThatIsGoneStaysOnTheListAndCanBeTakenOff() throws {
    #expect(try akin("block", "/old/3.flac").status == 0)
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    try catalogue.forget([try #require(try catalogue.track(path: "/old/3.flac")).id])
    #expect(try akin("block").standardOutput.contains("/old/3.flac, which is gone"))
    let removed = try akin("block", "/old/3.flac", "--remove")
    #expect(removed.status == 0 && removed.standardError.contains("no longer blocked"), "\(removed)")
    #expect(try akin("block", "--json").json() as? [[String: Any]] != nil)
    #expect(try akin("block").standardError.contains("nothing is blocked"))
  }

  @Test func limitsOfLengthThatLeaveNoSongAreTold() throws {
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    let known = try catalogue.fileStates(under: "/", model: nil)
    try catalogue.store(
      known.map {
        IndexedTrack(
          path: $0.path, fileSize: 1, modificationTime: 1, tags: AudioTags(), duration: 60, embeddings: [:])
      })
    #expect(try akin("block", "--shortest", "9999:00").standardError.contains("nothing is recommended"))
    #expect(try akin("block").standardOutput.contains("shorter than 9999:00"))
    #expect(try akin("block", "--shortest", "0").status == 0)
    #expect(try akin("block", "--longest", "999999999").status == 0)
    #expect(try catalogue.blocks() == [.longer(than: 999_999_999)])
  }

  @Test func namesAreListed() throws {
    let all = try akin("list", "artists", "--json").json() as? [[String: Any]]
    #expect(all?.count == 5 && all?.allSatisfy { $0["songs"] as? Int == 4 } == true)
    #expect(try akin("list", "artists", "ARTIST", "3").standardOutput == "artists   songs\nArtist 3      4\n")
    let none = try akin("list", "genres")
    #expect(none.status == 0 && none.standardOutput.isEmpty && none.standardError.contains("no genres"))
  }

  @Test func aMixReplacesNoOtherPlaylist() throws {
    func save(_ name: String, _ options: String...) throws -> AkinProcess.Output {
      try AkinProcess.run(
        ["mix", "save", name, "--song", "0", "--file", "m.m3u", "--model", "mfcc"] + options, in: folder)
    }
    #expect(try save("a").status == 0 && save("a").status == 0)
    #expect(try save("b", "--force").standardError.contains("the mix “a”"))
    try Data("#EXTM3U\n".utf8).write(to: folder.url.appending(path: "m.m3u"))
    #expect(try akin("mix", "remove", "a").status == 0)
    #expect(try save("b").standardError.contains("it is there already"))
    #expect(try save("b", "--force").status == 0)
    let unknown = try akin("mix", "remove", "a")
    #expect(unknown.status == 1 && unknown.standardError.contains("“b”"))
  }

  @Test func aLibraryIsCheckedAndMadeSmaller() throws {
    let check = try akin("library", "check")
    #expect(check.status == 0 && check.standardOutput == "The library is whole.\n")
    #expect(try akin("library", "vacuum").status == 0)
    let catalogue = try FileHandle(forUpdating: folder.url.appending(path: "library.sqlite"))
    let content = try #require(try catalogue.readToEnd())
    // One letter of a stored title or path.
    let place = try #require(content.range(of: Data("/old/7.flac".utf8)))
    try catalogue.seek(toOffset: UInt64(place.lowerBound + 1))
    try catalogue.write(contentsOf: Data("O".utf8))
    try catalogue.close()
    let damaged = try akin("library", "check")
    #expect(damaged.status == 2 && damaged.standardOutput.contains("damaged"))
  }

  @Test func vectorsGoOutAndComeIn() throws {
    #expect(try akin("library", "vectors", "--model", "mfcc", "--npy", "v.npy", "--jsonl", "v.jsonl").status == 0)
    #expect(FileManager.default.fileExists(atPath: folder("v.paths.json")))
    let printed = try akin("library", "vectors", "--model", "mfcc", "--jsonl", "-")
    #expect(printed.standardOutput.split(separator: "\n").count == 20)
    for file in ["v.npy", "v.jsonl"] {
      #expect(try akin("library", "add-vectors", "mine", file).status == 0)
      let similar = try akin("similar", "/old/3.flac", "--model", "mine", "--json", "-n", "3")
      #expect(similar.status == 0 && similar.standardOutput.contains("/old/2.flac"))
    }
    try folder.write("{\"path\":\"/none\",\"embedding\":[1]}", to: "none.jsonl")
    #expect(try akin("library", "add-vectors", "mine", "none.jsonl").status == 1)
    #expect(try akin("library", "add-vectors", "akin", "v.npy").status == 64)
    #expect(try akin("library", "vectors").status == 64)
    #expect(try akin("model", "describe", "mine").standardOutput.contains("another program"))
    try folder.write("no song", to: "songs/a.mp3")
    let heard = try akin("index", "songs", "--model", "mine")
    #expect(heard.status == 1 && heard.standardError.contains("add-vectors"))
  }

  @Test func qualityIsMeasured() throws {
    let text = try akin("status", "--quality", "--model", "mfcc")
    #expect(text.status == 0 && text.standardOutput.contains("Songs by the same artist, asked by 20 songs:"))
    #expect(text.standardOutput.contains("in nobody's list"))
    let json = try akin("status", "--quality", "--model", "mfcc", "--json").json() as? [String: Any]
    let models = try #require(json?["models"] as? [[String: Any]])
    #expect(models.compactMap { $0["model"] as? String } == ["mfcc", "mfcc-standardised"])
    #expect(try akin("status", "--queries", "5").status == 64)
  }
}
