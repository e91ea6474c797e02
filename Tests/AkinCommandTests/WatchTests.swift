#if os(Linux)
  import Catalogue
  import Foundation
  import TestSupport
  import Testing

  /// `akin index --watch`: what happens in the folders is in the library soon after.
  @Suite(.needsTheProgram) struct WatchTests {
    private let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      try song("music/a.flac", kind: 0)
    }

    private func song(_ name: String, kind: Int) throws {
      try TestSong(kind: kind, variant: 0, seconds: 0.5).write(to: folder(name))
    }

    private func start(_ arguments: String...) throws -> AkinProcess.Running {
      let running = try AkinProcess.start(["index", "music", "--watch"] + arguments, in: folder)
      try running.wait { try running.notes().contains("Ctrl-C ends it") }
      return running
    }

    private func paths(_ catalogue: Catalogue) throws -> [String] {
      try catalogue.fileStates(under: folder.path, model: nil).map { String($0.path.dropFirst(folder.path.count + 1)) }
    }

    @Test func followsFilesAndFoldersUntilItIsStopped() throws {
      let running = try start("--json")
      let catalogue = try Catalogue(path: folder("library.sqlite"))
      #expect(try paths(catalogue) == ["music/a.flac"])
      let a = try #require(try catalogue.track(path: folder("music/a.flac"))).id
      // New songs, one of them in a folder that was not there before.
      try song("music/b.flac", kind: 1)
      try song("music/new/album/c.flac", kind: 2)
      try running.wait { try paths(catalogue).count == 3 }
      // A song that moves into that folder is not another one.
      try FileManager.default.moveItem(atPath: folder("music/a.flac"), toPath: folder("music/new/album/a.flac"))
      try running.wait { try catalogue.track(path: folder("music/new/album/a.flac"))?.id == a }
      // What is deleted is forgotten.
      try FileManager.default.removeItem(atPath: folder("music/b.flac"))
      try running.wait { try paths(catalogue) == ["music/new/album/a.flac", "music/new/album/c.flac"] }
      kill(running.process.processIdentifier, SIGINT)
      let output = try running.finish()
      #expect(output.status == 0 && !output.isSignalled, "\(output)")
      // Each turn that did something is an object on a line of its own.
      let turns = try output.standardOutput.split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
      func sum(_ key: String) -> Int { turns.reduce(0) { $0 + ($1[key] as? Int ?? 0) } }
      #expect(sum("added") == 3 && sum("moved") == 1 && sum("forgotten") == 1)
    }

    @Test func aFileThatIsBeingWrittenIsHeardWhenItIsComplete() throws {
      let running = try start()
      let catalogue = try Catalogue(path: folder("library.sqlite"))
      try song("whole.flac", kind: 3)
      let bytes = try Data(contentsOf: URL(filePath: folder("whole.flac")))
      try folder.write("", to: "music/slow.flac")
      let file = try FileHandle(forWritingTo: URL(filePath: folder("music/slow.flac")))
      try file.write(contentsOf: bytes.prefix(bytes.count / 2))
      // Another one comes meanwhile, and is written on as long as it is not heard.
      try song("music/b.flac", kind: 1)
      try file.write(contentsOf: bytes.dropFirst(bytes.count / 2))
      try file.close()
      try running.wait { try paths(catalogue) == ["music/a.flac", "music/b.flac", "music/slow.flac"] }
      #expect(try catalogue.remarks().isEmpty)
      kill(running.process.processIdentifier, SIGTERM)
      #expect(try running.finish().status == 0)
    }

    @Test func aLibraryIsNotReplacedUnderIt() throws {
      let running = try start()
      #expect(try AkinProcess.run(["library", "export", "copy"], in: folder).status == 0)
      let refused = try AkinProcess.run(["library", "import", "copy", "--force"], in: folder)
      #expect(refused.status == 1 && refused.standardError.contains("waits with --watch"), "\(refused)")
      kill(running.process.processIdentifier, SIGINT)
      #expect(try running.finish().status == 0)
      #expect(try AkinProcess.run(["library", "import", "copy", "--force"], in: folder).status == 0)
    }

    @Test func itEndsIfItsLibraryIsGone() throws {
      let running = try start()
      try FileManager.default.removeItem(atPath: folder("library.sqlite"))
      let output = try running.finish()
      #expect(output.status == 1 && !output.isSignalled)
      #expect(output.standardError.contains("library.sqlite: the file was deleted"), "\(output)")
    }

    @Test func itWorksWhileOthersAreIdle() throws {
      let running = try start()
      // The scheduler's policy is the 41st field (proc(5)); 5 is that of idle work.
      let tasks = "/proc/\(running.process.processIdentifier)/task"
      for task in try FileManager.default.contentsOfDirectory(atPath: tasks) {
        let text = try String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)
        let fields = text[(try #require(text.lastIndex(of: ")")))...].split(separator: " ")
        #expect(fields[39] == "5", "\(text)")
      }
      kill(running.process.processIdentifier, SIGINT)
      #expect(try running.finish().status == 0)
    }
  }
#endif
