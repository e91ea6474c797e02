import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite(.needsTheProgram) struct UsageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func everyCommandHelps() throws {
    let dump = try AkinProcess.run(["--experimental-dump-help"], in: folder).json() as? [String: Any]
    let commands = Self.words(of: try #require(dump?["command"] as? [String: Any]))
    #expect(commands.contains([]) && commands.contains(["similar"]) && commands.contains(["dataset", "folder"]))
    for command in commands {
      let output = try AkinProcess.run(command + ["--help"], in: folder)
      #expect(output.status == 0, "\(command)")
      #expect(output.standardOutput.contains("OVERVIEW: ") && output.standardOutput.contains("USAGE: akin"))
      #expect(output.standardError.isEmpty)
    }
    // The root names every command.
    let root = try AkinProcess.run(["--help"], in: folder).standardOutput
    for command in commands where command.count == 1 { #expect(root.contains("  \(command[0]) "), "\(command)") }
  }

  @Test(arguments: [
    (["smilar", "x"], "akin similar"), (["mix", "sve"], "akin mix save"), (["datset", "check"], "akin dataset"),
    (["library", "chek"], "akin library check"), (["help", "blok"], "akin block"),
    (["help", "smilar"], "akin similar"),
  ])
  func aMistypedCommandIsTold(arguments: [String], near: String) throws {
    let output = try AkinProcess.run(arguments, in: folder)
    #expect(output.status == 64 && output.standardError.contains("Did you mean `\(near)`?"))
  }

  @Test func helpIsOfWhatIsAskedFor() throws {
    #expect(try AkinProcess.run(["help", "mix", "save"], in: folder).standardOutput.contains("USAGE: akin mix save "))
    let output = try AkinProcess.run(["help", "status", "nope"], in: folder)
    #expect(output.status == 64 && output.standardOutput.isEmpty && output.standardError.contains("“nope”"))
  }

  @Test(arguments: [
    (["playlist", "--form", "a", "--to", "b"], "--form", "--from"),
    (["playlist", "--from", "a", "--ot=b"], "--ot", "--to"),
    (["similar", "--sogn", "x"], "--sogn", "--song"),
  ])
  func aMistypedOptionIsToldBeforeWhatIsMissing(arguments: [String], option: String, near: String) throws {
    let output = try AkinProcess.run(arguments, in: folder)
    #expect(output.status == 64, "\(output)")
    #expect(output.standardError.contains("Unknown option '\(option)'. Did you mean '\(near)'?"), "\(output)")
    #expect(output.standardError.contains("Usage: akin \(arguments[0])"))
  }

  @Test(arguments: [
    (["history", "list", "--since", "tomorrow"], "for --since is no time"),
    (["playlist", "x", "--exclude-played", "tomorrow"], "for --exclude-played is neither"),
  ])
  func aTimeThatIsNoneNamesItsOption(arguments: [String], text: String) throws {
    #expect(try AkinProcess.run(arguments, in: folder).standardError.contains(text))
  }

  /// The words that call a command and each of its subcommands; none for the root.
  private static func words(of command: [String: Any], after words: [String] = []) -> [[String]] {
    let subcommands = command["subcommands"] as? [[String: Any]] ?? []
    return [words]
      + subcommands.flatMap { subcommand -> [[String]] in
        guard let name = subcommand["commandName"] as? String, name != "help" else { return [] }
        return Self.words(of: subcommand, after: words + [name])
      }
  }

  @Test(arguments: [
    ["dance"], ["index", "--loud", "x"], ["index", ""], ["index"], ["similar"], ["similar", ""],
    ["similar", "x", "-n", "0"], ["similar", "x", "-n0"], ["similar", "x", "--json", "--m3u", "-"],
    ["similar", "x", "-n", "many"], ["similar", "x", "--m3u", ""], ["similar", "x", "--relative"],
    ["similar", "x", "--m3u", "a.m3u", "--relative", "--relative-to", "."],
    ["similar", "x", "--weights", "timbre"], ["similar", "x", "--weights", "melody=1"],
    ["similar", "x", "--weights", "timbre=0,spectrum=0,rhythm=0,character=0"],
    ["similar", "x", "--weights", "rhythm=1,rhythm=2"],
    ["playlist", "x", "--weights", "rhythm=-1"], ["similar", "x", "--tempo", "fast"],
    ["similar", "x", "--loudness", "-9"], ["similar", "x", "--not-loudness", "-9..-14"],
    ["similar", "x", "--genre", ""], ["playlist", "x", "--not-folder", " "],
    ["describe"], ["describe", ""], ["describe", "x", "--with", ""],
    ["similar", "x", "--m3u", "a.m3u", "--relative-to", "no such folder"], ["status", "x"], ["index", "x", "-j", "0"],
    ["index", "x", "-j", "9999"],
    ["similar", "x", "--library", ""], ["evaluate"],
    ["evaluate", "a.csv", "--queries", "b.csv", "--references", "c.csv"],
    ["train"], ["train", "a.csv", "--validation", "b.csv"], ["train", "a.csv", "--learning-rate", "nan"],
    ["train", "a.csv", "--margin", "-1"], ["train", "a.csv", "--epochs", "-1"], ["train", "a.csv", "--patience", "0"],
    ["train", "a.csv", "--epochs", "0", "--pretrain-epochs", "0"],
    ["train", "a.csv", "--epochs=4611686018427387904"], ["train", "a.csv", "--patience=9223372036854775807"],
    ["train", "a.csv", "--pretrain-epochs=9223372036854775807"],
    ["tune", "a.csv", "--try", "epochs=9223372036854775807", "-o", "x"],
    ["experiment", "a.csv", "--epochs", "9223372036854775807", "-o", "x"],
    ["experiment", "a.csv", "--cross-entropy-epochs", "9223372036854775807", "-o", "x"],
    ["block", "--longest", "1e10"], ["block", "--shortest", "99999999999"], ["block", "--shortest", "-5"],
    ["block", "--shortest", "nan"], ["block", "--shortest", "0:10", "--remove"],
    ["block", "x", "--longest", "0:10", "--remove"],
    ["train", "a.csv", "--strategy", "cross-entropy", "--pretrain-epochs", "0"],
    ["train", "a.csv", "--angle", "90"], ["train", "a.csv", "--temperature", "0"],
    ["train", "a.csv", "--excerpts", "0"], ["train", "a.csv", "--embedding-size", "1"],
    ["train", "a.csv", "--optimiser", "adam", "--momentum", "0.9"], ["train", "a.csv", "--seed", "-1"],
    ["experiment", "a.csv"], ["experiment", "a.csv", "-o", ""], ["experiment", "a.csv", "-o", "x", "--folds", "2"],
    ["experiment", "a.csv", "-o", "x", "--repeats", "0"],
    ["experiment", "a.csv", "-o", "x", "--strategies", "semihard"],
    ["experiment", "a.csv", "-o", "x", "--epochs", "0"], ["tune", "a.csv", "-o", "x"],
    ["tune", "a.csv", "-o", "x", "--try", "margn=1"], ["tune", "a.csv", "-o", "x", "--try", "margin"],
    ["tune", "a.csv", "-o", "x", "--try", "margin=1,,2"],
    ["tune", "a.csv", "-o", "x", "--try", "margin=one"], ["tune", "a.csv", "-o", "x", "--try", "margin=-1,1"],
    ["tune", "a.csv", "-o", "x", "--try", "batch=8"], ["tune", "a.csv", "-o", "x", "--try", "epochs=0,1"],
    ["tune", "a.csv", "-o", "x", "--try", "margin=1", "--try", "margin=2"],
    ["features", "x", "--hop-length", "0"], ["features", "x", "--kind", "mfcc", "--frames", "3"],
    ["features", "x", "--kind", "spectrum"], ["dataset", "folder", "x", "--minimum", "0"],
    ["dataset", "folder", "x", "--class", "mood"], ["dataset", "folder", "x", "--json"],
    ["dataset", "folder", "x", "--output", "no such folder/x.csv"],
  ])
  func wrongUsageIs64AndSaysWhatIsRight(arguments: [String]) throws {
    let output = try AkinProcess.run(arguments, in: folder)
    #expect(output.status == 64, "\(output)")
    #expect(output.standardOutput.isEmpty)
    #expect(output.standardError.contains("Error: ") && output.standardError.contains("Usage: akin"))
  }

  @Test(arguments: [
    (["similar", "song.mp3"], ["akin index"]), (["status"], ["library.sqlite", "akin index"]),
    (["evaluate", "songs.csv"], ["songs.csv", "akin dataset folder"]),
    (["evaluate", "text.mp3"], ["text.mp3", "path"]), (["train", "songs.csv"], ["songs.csv", "akin dataset folder"]),
    (["experiment", "songs.csv", "-o", "x"], ["songs.csv", "akin dataset folder"]),
    (["tune", "songs.csv", "-o", "x", "--try", "margin=1"], ["songs.csv", "akin dataset folder"]),
    (["model", "describe", "m.safetensors"], ["m.safetensors", "mfcc"]),
    (["model", "describe", "text.mp3"], ["text.mp3", "safetensors"]),
    (["index", "--model", "mffc", "."], ["mffc", "mfcc"]),
    (["features", "nothing.mp3"], ["nothing.mp3", "Check the path"]), (["features", "."], ["Name a file"]),
    (["features", "text.mp3"], ["text.mp3"]), (["dataset", "folder", "nothing"], ["nothing", "No such file"]),
    (["dataset", "folder", "."], ["audio file"]),
    (["index", ".", "--library", "text.mp3"], ["text.mp3", "not an SQLite"]),
    (["index", ".", "--library", "."], ["folder"]), (["similar", "x", "--library", "text.mp3"], ["text.mp3"]),
    (["index", "--watch", "nosuch"], ["nosuch", "no such file"]),
    (["library", "import", "text.mp3"], ["text.mp3", "in the library"]),
    (["train", "unlabelled.csv"], ["no song has a class"]),
    (["evaluate", "unlabelled.csv"], ["no song has a class", "Fill"]),
  ])
  func failuresAre1AndNameTheFileAndTheRemedy(arguments: [String], words: [String]) throws {
    try folder.write("this is no music, and no database, and no model", to: "text.mp3")
    try folder.write("path,class\ntext.mp3,\n", to: "unlabelled.csv")
    let arguments = arguments == ["dataset", "folder", "."] ? ["dataset", "folder", "empty"] : arguments
    try folder.write("", to: "empty/cover.jpg")
    let output = try AkinProcess.run(arguments, in: folder)
    #expect(output.status == 1, "\(output)")
    #expect(output.standardOutput.isEmpty)
    for word in words { #expect(output.standardError.contains(word), "\(output.standardError)") }
    #expect(
      !output.standardError.contains("NSCocoaErrorDomain") && !output.standardError.contains("could not be completed"))
  }

  @Test func askingMakesNoLibrary() throws {
    for arguments in [["similar", "x"], ["status"], ["model", "describe"], ["embed", "x"]] {
      _ = try AkinProcess.run(arguments, in: folder, environment: ["AKIN_LIBRARY": ""])
    }
    #expect(!FileManager.default.fileExists(atPath: folder("library.sqlite")))
    #expect(!FileManager.default.fileExists(atPath: folder("data")))
  }

  @Test func aWrongUsageOfIndexMakesNoLibrary() throws {
    #expect(try AkinProcess.run(["index"], in: folder).status == 64)
    #expect(!FileManager.default.fileExists(atPath: folder("library.sqlite")))
  }

  @Test func theStandardPlaceIsTheDataFolder() throws {
    try TestSong(kind: 0, variant: 0).write(to: folder("music/a.wav"))
    #expect(try AkinProcess.run(["index", "music"], in: folder, environment: ["AKIN_LIBRARY": ""]).status == 0)
    #expect(FileManager.default.fileExists(atPath: folder("data/akin/library.sqlite")))
  }

  @Test func withoutTheEnvironmentTheLibraryIsInTheHomeFolder() throws {
    // A program started by a service, or by cron, has no HOME: what the system's list of users says counts.
    let help = try AkinProcess.run(
      ["-i", AkinProcess.executable.path, "status", "--help"], in: folder, program: "/usr/bin/env")
    let user = try #require(getpwuid(getuid()))
    let text = help.standardOutput.filter { !$0.isWhitespace }
    #expect(text.contains(String(cString: user.pointee.pw_dir).filter { !$0.isWhitespace } + "/"), "\(help)")
    #expect(text.contains("akin/library.sqlite"))
  }

  @Test func theHelpNamesTheEndings() throws {
    for command in [["index"], ["dataset", "folder"]] {
      let help = try AkinProcess.run(command + ["--help"], in: folder).standardOutput
      for ending in [".flac", ".mka", ".tak", ".webm", ".mkv", "--video"] { #expect(help.contains(ending)) }
    }
  }

  @Test func theVersionIsPrinted() throws {
    let output = try AkinProcess.run(["--version"], in: folder)
    #expect(output.status == 0 && output.standardOutput.first?.isNumber == true)
  }
}
