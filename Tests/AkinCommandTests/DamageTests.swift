import Foundation
import TestSupport
import Testing

/// A few of the mutants that `make fuzz` makes by the thousand: the program gives the right answer or a clear error.
@Suite(.needsTheProgram) struct DamageTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Scripts/fuzz/fuzz.py").standardizedFileURL.path

  @Test(.needsPython)
  func damagedFilesGiveTheRightAnswerOrAnError() throws {
    let folder = try TemporaryFolder()
    let output = try AkinProcess.start(
      ["--count", "12", "--seed", "tests", "--keep", folder("failures")], in: folder,
      shell: #"exec python3 "\#(Self.script)" "$0" "$@""#
    ).finish()
    #expect(output.status == 0, "\(output.standardOutput)\(output.standardError)")
  }
}
