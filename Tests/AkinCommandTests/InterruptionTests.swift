import Catalogue
import Foundation
import TestSupport
import Testing

/// Signals, closed pipes and full disks.
@Suite(.needsTheProgram) struct InterruptionTests {
  private let folder: TemporaryFolder
  private let songCount = 150

  init() throws {
    folder = try TemporaryFolder()
    try TestSong(kind: 0, variant: 0, seconds: 30).write(to: folder("music/0.flac"))
    for index in 1..<songCount {
      // Copies: several names of one file are one song.
      try FileManager.default.copyItem(atPath: folder("music/0.flac"), toPath: folder("music/\(index).flac"))
    }
  }

  private func startIndexing() throws -> AkinProcess.Running {
    try AkinProcess.start(["index", "music", "-j", "1", "--json"], in: folder)
  }

  private func counts(_ output: AkinProcess.Output) throws -> (added: Int, unchanged: Int) {
    let report = try #require(try output.json() as? [String: Any])
    return (try #require(report["added"] as? Int), try #require(report["unchanged"] as? Int))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalEndsIndexingInOrder(number: Int32) throws {
    let running = try startIndexing()
    try running.wait { try running.notes().contains("songs to listen to") }
    kill(running.process.processIdentifier, number)
    let output = try running.finish()
    #expect(output.status == 130 && !output.isSignalled)
    let done = try counts(output).added
    #expect(done < songCount)
    #expect(try counts(AkinProcess.run(["index", "--json"], in: folder)) == (songCount - done, done))
  }

  @Test func aKillLosesNothingThatWasStored() throws {
    let running = try startIndexing()
    let library = folder("library.sqlite")
    try running.wait { try running.notes().contains("songs to listen to") }
    let catalogue = try Catalogue(path: library)
    try running.wait { try catalogue.trackCount() > 0 }
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.finish().isSignalled)
    let stored = try catalogue.trackCount()
    #expect(stored > 0 && stored < songCount)
    #expect(try counts(AkinProcess.run(["index", "--json"], in: folder)) == (songCount - stored, stored))
  }

  @Test func twoIndexersShareALibrary() throws {
    let (one, other) = (try startIndexing(), try startIndexing())
    let asked = try AkinProcess.run(["similar", "0"], in: folder)
    #expect(asked.status == 0 || asked.standardError.contains("akin index"), "\(asked)")
    let outputs = [try one.finish(), try other.finish()]
    #expect(outputs.map(\.status) == [0, 0])
    // They share the work: what one has stored the other does not listen to again.
    let heard = try outputs.map { try counts($0).added }
    #expect(heard.reduce(0, +) < songCount * 3 / 2, "\(heard)")
    #expect(try Catalogue(path: folder("library.sqlite")).trackCount() == songCount)
  }

  @Test(arguments: ["embed music/*.flac", "similar 'music/1.flac' -n 1000 --json"])
  func aClosedPipeIsNoCrash(command: String) throws {
    _ = try AkinProcess.run(["index", "music", "--quiet"], in: folder)
    let output = try AkinProcess.run([], in: folder, shell: "\"$0\" \(command) --quiet | head -1")
    #expect(output.status == 0 && output.standardError.isEmpty, "\(output)")
    #expect(output.standardOutput.split(separator: "\n").count == 1)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
  func resultsThatCannotBeWrittenAreAFailure() throws {
    let output = try AkinProcess.run([], in: folder, shell: "\"$0\" features music/0.flac --kind mfcc > /dev/full")
    #expect(output.status == 1 && output.standardError.contains("No space left on device"), "\(output)")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
  func notesThatCannotBeWrittenStopNothing() throws {
    for (place, library) in [("2>/dev/full", "full.sqlite"), ("2>&-", "closed.sqlite")] {
      let output = try AkinProcess.run(
        [], in: folder, shell: "\"$0\" index music/0.flac --library \(library) --model mfcc \(place)")
      #expect(output.status == 0 && !output.isSignalled, "\(place): \(output)")
      #expect(try Catalogue(path: folder(library)).trackCount() == 1)
      // Errors are lost, too, but for the status.
      let failed = try AkinProcess.run([], in: folder, shell: "\"$0\" similar nothing --library \(library) \(place)")
      #expect(failed.status == 1 && !failed.isSignalled, "\(place): \(failed)")
    }
    // A stream that is closed is no place for a file: nothing is taken for a success.
    let output = try AkinProcess.run([], in: folder, shell: "\"$0\" features music/0.flac --kind mfcc >&-")
    #expect(output.status == 1, "\(output)")
  }
}

extension Catalogue {
  /// The number of tracks.
  fileprivate func trackCount() throws -> Int { try fileStates(under: "/", model: nil).count }
}
