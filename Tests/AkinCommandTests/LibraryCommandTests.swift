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
    let nothing = try akin("library", "import", "copy.akin", "--library", "none.sqlite", "--map", "/odl=/new")
    #expect(nothing.status == 1 && nothing.standardError.contains("no song lies in /odl"), "\(nothing)")
    #expect(!FileManager.default.fileExists(atPath: folder("none.sqlite")))
    let twice = try akin("library", "import", "copy.akin", "--map", "/old=/a", "--map", "/x/..//old/=/b")
    #expect(twice.status == 64 && twice.standardError.contains("/old"))
    let dotted = try akin(
      "library", "import", "copy.akin", "--library", "dotted.sqlite", "--map", "/./x/..//old/=/mnt//a/../new/")
    #expect(dotted.status == 0)
    #expect(try akin("status", "--library", "dotted.sqlite").standardOutput.contains("/mnt/new: missing"))
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
    #expect(try akin("status").standardOutput.contains("an indexer is at work"))
    flock(descriptor, LOCK_UN)
    #expect(try !akin("status").standardOutput.contains("an indexer is at work"))
    let map = try akin("library", "import", "copy.akin", "--force", "--map", "/elsewhere=/new")
    #expect(map.status == 1 && map.standardError.contains("no song lies in /elsewhere"))
  }

  @Test func anIndexingThatWasKilledIsTold() throws {
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    func store(seconds: Double, interrupted: Bool) throws {
      try catalogue.store(
        lastIndexing: .init(
          began: Date(timeIntervalSince1970: 0), seconds: seconds, model: "mfcc-1", added: 0, updated: 0, moved: 0,
          unchanged: 20, forgotten: 0, skipped: 0, wasInterrupted: interrupted))
    }
    try store(seconds: 1, interrupted: false)
    #expect(try akin("status").standardOutput.contains("have heard all songs; mfcc answers"))
    try store(seconds: 0, interrupted: true)
    let text = try akin("status").standardOutput
    #expect(text.contains("have heard all 20 songs so far; mfcc answers"), "\(text)")
    #expect(text.contains("1970-01-01T00:00:00Z; interrupted: run `akin index` to go on"), "\(text)")
  }

  @Test func whatIsNoSingleSongIsToldForWhatItIs() throws {
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    try folder.write("", to: "rock/cover.jpg")
    try folder.write("FILE", to: "rock/album.cue")
    try folder.write("", to: "new/cover.jpg")
    try folder.write("#EXTM3U\n/gone.mp3\n", to: "two.m3u")
    try folder.write("#EXTM3U\n", to: "empty.m3u")
    try catalogue.store(
      ["rock/1.flac", "rock/album.cue/track0001"].map { name in
        IndexedTrack(path: folder(name), fileSize: 1, modificationTime: 1, tags: AudioTags(title: name))
      })
    func message(_ arguments: String...) throws -> String {
      let output = try AkinProcess.run(arguments, in: folder)
      #expect(output.status == 1, "\(arguments): \(output)")
      return output.standardError
    }
    let rock = try message("history", "add", "skipped", "rock")
    #expect(rock.contains("several songs") && rock.contains(folder("rock/1.flac")))
    #expect(try message("history", "add", "played", "rock/album.cue").contains("album.cue/track0001"))
    #expect(try message("history", "add", "played", "two.m3u").contains("several songs"))
    #expect(try message("history", "add", "played", "new").contains("akin index"))
    #expect(try message("block", "two.m3u").contains("cannot be blocked"))
    let lost = try message("similar", "two.m3u", "--model", "mfcc")
    #expect(lost.contains("/gone.mp3 cannot be found") && !lost.contains("akin index"))
    #expect(try message("playlist", "--extend", "empty.m3u", "--model", "mfcc").contains("no song in it"))
    // With another seed, a list may be empty; and what was played may be nothing.
    #expect(try akin("playlist", "--song", "0", "--extend", "empty.m3u", "--model", "mfcc", "-n", "2").status == 0)
    try folder.write("#EXTM3U\n", to: "empty.m3u")
    let few = ["playlist", "--song", "0", "--model", "mfcc", "-n", "3"]
    let unplayed = try AkinProcess.run(few + ["--exclude-played", "empty.m3u"], in: folder)
    #expect(try unplayed.standardOutput == AkinProcess.run(few, in: folder).standardOutput && unplayed.status == 0)
    // What of a list cannot be found is said once, and not with -q.
    try folder.write("#EXTM3U\n/gone.mp3\n/old/0.flac\n", to: "some.m3u")
    let extended = try akin("playlist", "--extend", "some.m3u", "--model", "mfcc", "-n", "1")
    #expect(extended.standardError.components(separatedBy: "gone.mp3 cannot be found").count == 2, "\(extended)")
    #expect(try akin("playlist", "--extend", "some.m3u", "--model", "mfcc", "-n", "1", "-q").standardError.isEmpty)
  }

  @Test func aLibraryThatIsNotThereIsTold() throws {
    for arguments in [
      ["similar", "x"], ["describe", "x"], ["map"], ["mix", "list"], ["mix", "refresh"], ["mix", "remove", "x"],
      ["block"], ["block", "artist:X"], ["history"], ["history", "add", "played", "x"], ["history", "undo", "1"],
      ["mix", "save", "x", "y", "--file", "x.m3u"],
    ] {
      let output = try AkinProcess.run(arguments + ["--library", "typo.sqlite"], in: folder)
      #expect(output.status == 1 && output.standardError.contains("typo.sqlite: there is no library yet"), "\(output)")
      #expect(output.standardError.contains("akin index FOLDER"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder("typo.sqlite")))
    // The usual library may be empty as yet; what fails makes none.
    let environment = ["AKIN_LIBRARY": folder("none.sqlite")]
    for arguments in [["block", "Nobody"], ["history", "add", "played", "x"]] {
      #expect(try AkinProcess.run(arguments, in: folder, environment: environment).status == 1)
    }
    #expect(try AkinProcess.run(["mix"], in: folder, environment: environment).status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder("none.sqlite")))
    #expect(try AkinProcess.run(["block", "artist:Nobody"], in: folder, environment: environment).status == 0)
  }

  @Test func aSingleLengthIsWhatIsShownAsThat() throws {
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    try catalogue.store(
      [29.4, 29.5, 30.4, 30.5].enumerated().map { number, duration in
        var vector = [Float](repeating: 0, count: 140)
        vector[100 + number] = 1
        return IndexedTrack(
          path: "/old/long \(duration).flac", fileSize: 1, modificationTime: 1, tags: AudioTags(), duration: duration,
          embeddings: ["mfcc-1": vector])
      })
    for length in ["30", "0:30"] {
      let output = try akin("similar", "--song", "0", "--model", "mfcc", "--duration", length, "--json")
      let songs = try #require(try output.json() as? [[String: Any]])
      #expect(Set(songs.compactMap { $0["path"] as? String }) == ["/old/long 29.5.flac", "/old/long 30.4.flac"])
      #expect(output.standardError.contains("not of the length 0:30"), "\(output)")
    }
    #expect(
      try akin("similar", "--song", "0", "--model", "mfcc", "--duration", "5:00-").standardError
        .contains("of the length from 5:00"))
  }

  @Test func aMissingFolderIsToldAsSuch() throws {
    let output = try akin("similar", "--song", "0", "--model", "mfcc", "--m3u", "none/x.m3u")
    #expect(output.status == 1 && output.standardError.contains("Make the folder"), "\(output)")
  }

  @Test(.needsPython) func aTableFitsATerminal() throws {
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    let (long, deep) = (String(repeating: "Ä long name ", count: 4), "/a/" + String(repeating: "deep/", count: 20))
    try catalogue.store(
      (0..<2).map { number in
        var vector = [Float](repeating: 1, count: 140)
        vector[0] += Float(number)
        return IndexedTrack(
          path: "\(deep)\(number).flac", fileSize: 1, modificationTime: 1,
          tags: AudioTags(title: "\(long)\(number)", artists: ["\(long)\(number)"]), embeddings: ["mfcc-1": vector])
      })
    let script = """
      import fcntl, os, pty, struct, subprocess, sys, termios
      main, side = pty.openpty()
      fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
      process = subprocess.Popen(sys.argv[1:], stdout=side)
      os.close(side)
      text = b''
      while True:
        try: part = os.read(main, 4096)
        except OSError: break
        if not part: break
        text += part
      sys.stdout.buffer.write(text.replace(b'\\r', b''))
      sys.exit(process.wait())
      """
    let question = ["similar", "\(deep)0.flac", "--model", "mfcc", "-n", "3"]
    let terminal = try AkinProcess.run(
      ["python3", "-c", script, AkinProcess.executable.path] + question, in: folder, program: "/usr/bin/env")
    let lines = terminal.standardOutput.split(separator: "\n")
    #expect(lines.count == 4 && lines.allSatisfy { $0.count <= 80 }, "\(terminal)")
    #expect(lines[1].hasSuffix("1.flac") && lines[1].contains("…") && lines[1].contains("  Ä long"))
    // A pipe gets all of it.
    #expect(try AkinProcess.run(question, in: folder).standardOutput.contains("\(deep)1.flac"))
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
    #expect(try akin("block").standardOutput.contains("shorter than 166:39:00"))
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

  @Test func aWrongNameInAMixIsToldAsElsewhere() throws {
    func save(_ options: String...) throws -> AkinProcess.Output {
      try AkinProcess.run(
        ["mix", "save", "a", "--song", "0", "--file", "m.m3u", "--model", "mfcc"] + options, in: folder)
    }
    let noted = try save("--not-artist", "Artst 3")
    #expect(noted.status == 0 && noted.standardError.contains("the artist Artst 3; it has “Artist 3”"))
    #expect(try akin("mix", "remove", "a").status == 0)
    try FileManager.default.removeItem(at: folder.url.appending(path: "m.m3u"))
    let empty = try save("--only-artist", "Artst 3", "-q")
    #expect(empty.status == 1 && empty.standardError.contains("it has “Artist 3”"), "\(empty)")
    #expect(!FileManager.default.fileExists(atPath: folder("m.m3u")))
    #expect(try akin("mix", "list").standardError.contains("no mix is saved"))
  }

  @Test(arguments: [
    ["similar"], ["similar", "--m3u", "two.m3u"], ["playlist", "--m3u", "two.m3u"], ["similar", "--artists"],
  ])
  func aFilterThatLeavesNothingIs2AndToldOnce(command: [String]) throws {
    try folder.write("#EXTM3U\n/old/1.flac\n", to: "two.m3u")
    for quiet in [[], ["-q"]] {
      let output = try AkinProcess.run(
        command + ["--song", "0", "--model", "mfcc", "--only-artist", "Artst 3"] + quiet, in: folder)
      #expect(output.status == 2 && output.standardOutput.isEmpty, "\(output)")
      let lines = output.standardError.split(separator: "\n").filter { $0.contains("is left") }
      #expect(lines.count == 1 && lines[0].contains("it has “Artist 3”"), "\(output)")
      #expect(lines[0].contains("two.m3u was not written") == command.contains("two.m3u"))
    }
    #expect(try String(contentsOfFile: folder("two.m3u"), encoding: .utf8).contains("/old/1.flac"))
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
    try Catalogue(path: folder("library.sqlite")).store(
      [IndexedTrack(path: "/old/more.flac", fileSize: 1, modificationTime: 1, tags: AudioTags(title: "More"))])
    let more = try akin("similar", "/old/more.flac", "--model", "mine")
    #expect(more.status == 1 && more.standardError.contains("has none of it; bring it in"), "\(more)")
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
