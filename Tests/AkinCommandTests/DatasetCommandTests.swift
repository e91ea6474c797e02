import Foundation
import TestSupport
import Testing

@Suite(.needsTheProgram) struct DatasetCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 3, variants: 6, in: folder("music"))
  }

  private func akin(_ arguments: String...) throws -> AkinProcess.Output {
    try AkinProcess.run(["dataset"] + arguments, in: folder)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: URL(filePath: folder(name)), encoding: .utf8)
  }

  private func object(_ output: AkinProcess.Output) throws -> [String: Any] {
    try #require(try output.json() as? [String: Any])
  }

  @Test func fromAFolderToParts() throws {
    #expect(try akin("folder", "music", "-o", "all.csv", "--class", "album", "-q").status == 0)
    let group = try akin("group", "all.csv", "-o", "songs.csv", "--smallest", "6", "--json")
    #expect(group.status == 0)
    let report = try object(group)
    #expect(Set(report.keys) == ["ambiguous", "classes", "file", "leftOut", "songs"])
    let classes = try #require(report["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == (0..<3).map { "Artist \($0) – Genre" })
    #expect(classes.allSatisfy { $0["songs"] as? Int == 6 })

    let split = try akin("split", "songs.csv", "-o", "parts", "--shares", "60/20/20")
    #expect(split.status == 0 && split.standardOutput.contains("validation      3  16.7        3"))
    let together = try akin("split", "songs.csv", "-o", "folds", "--folds", "3", "--json")
    #expect(Set(try object(together).keys) == ["classesInOnePart", "folder", "parts", "withoutClass"])
    #expect(try text("folds/fold-3.csv").split(separator: "\n").count == 7)
    for fold in 1...3 {
      let (tested, validated) = (try text("folds/fold-\(fold).csv"), try text("folds/fold-\(fold % 3 + 1).csv"))
      #expect(try text("folds/fold-\(fold)/test.csv") == tested)
      #expect(try text("folds/fold-\(fold)/validation.csv") == validated)
    }

    let trained = try AkinProcess.run(
      [
        "train", "parts/training.csv", "--validation", "parts/validation.csv", "--test", "parts/test.csv", "--epochs",
        "0", "--pretrain-epochs", "1", "--no-adopt", "-o", "run", "-q",
      ], in: folder)
    #expect(trained.status == 0, "\(trained)")
    let judged = try AkinProcess.run(
      ["evaluate", "parts/test.csv", "--references", "parts/training.csv", "--model", "mfcc", "--json"], in: folder)
    #expect(judged.status == 0, "\(judged)")

    let check = try akin("check", "parts", "--seconds", "0.5", "--json")
    #expect(check.status == 0, "\(check)")
    let found = try object(check)
    #expect(
      Set(found.keys) == ["problems", "songs", "withoutClass", "parts", "files", "duplicates", "classes", "shared"])
    #expect(found["problems"] as? Int == 0 && found["songs"] as? Int == 18)
    let apart = try akin("check", "parts", "--seconds", "0.5", "--apart", "artist")
    #expect(apart.status == 2 && apart.standardOutput.contains("Artist 0: "))
  }

  @Test func checkFindsAndExplains() throws {
    try FileManager.default.copyItem(
      atPath: folder("music/artist 0/song 0.flac"), toPath: folder("music/copy, of \"it\".flac"))
    try folder.write("no music", to: "music/broken.mp3")
    try folder.write(
      """
      path,class
      music/artist 0/song 0.flac,a
      "music/copy, of ""it"".flac",b
      music/broken.mp3,b
      gone.mp3,a
      """, to: "songs.csv")
    let output = try akin("check", "songs.csv")
    #expect(output.status == 2 && output.standardError.isEmpty)
    let printed = output.standardOutput.split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    for line in [
      "missing files 1 problem", "undecodable files 1 problem", "songs shorter than 14.9 s 2 problems",
      "duplicates: the same bytes 1 problem", "of these in different classes 1, counted above",
      "\(folder("gone.mp3")): No such file or directory", "4 songs, 5 problems",
    ] { #expect(printed.contains(line), "\(output.standardOutput)") }
    let report = try object(akin("check", "songs.csv", "--json"))
    let files = try #require(report["files"] as? [[String: Any]])
    #expect(files.allSatisfy { Set($0.keys) == ["path", "parts", "problem", "detail"] })
    let pair = try #require((report["duplicates"] as? [[String: Any]])?.first)
    #expect(Set(pair.keys) == ["likeness", "songs", "similarity", "offset", "straddles", "contradicts"])
  }

  @Test func fma() throws {
    let header =
      ",artist,album,set,set,track,track,track\n,name,title,split,subset,genre_top,genres,title\ntrack_id,,,,,,,\n"
    try folder.write(
      header + "2,Ann,One,training,small,Rock,[12],A\n5,Bob,Two,validation,small,Rock,[12],B\n"
        + "7,Cat,Three,test,small,Rock,[12],C\n9,Dan,Four,test,small,Rock,[12],D\n"
        + "98565,Eve,Five,test,small,Rock,[12],E\n",
      to: "fma_metadata/tracks.csv")
    try folder.write("genre_id,#tracks,parent,title,top_level\n12,1,0,Rock,12\n", to: "fma_metadata/genres.csv")
    for name in ["002", "005", "007"] { try folder.write("sound", to: "fma_small/000/000\(name).mp3") }
    let output = try akin("fma", ".", "-o", "songs.csv", "--json")
    #expect(output.status == 2, "a song is missing")
    #expect(output.standardError.contains("1 clip that FMA's authors know to be broken"))
    #expect(output.standardError.contains("1 song that is not on disk, such as \(folder("fma_small/000/000009.mp3"))"))
    let report = try object(output)
    #expect(
      report["songs"] as? Int == 3 && report["broken"] as? [Int] == [98565] && report["subset"] as? String == "small")
    #expect(try text("songs.csv").contains("\nfma_small/000/000002.mp3,Ann,One,Rock,,Rock,2,A,small,training\n"))
    #expect(try akin("fma", "fma_small", "--official-split", "-o", "official", "-q").status == 2)
    #expect(try text("official/test.csv").split(separator: "\n").count == 2)
  }

  @Test(arguments: [
    ["fma"], ["fma", "x", "--subset", "tiny"], ["fma", "x", "--class", "mood"], ["fma", "x", "--official-split"],
    ["fma", "x", "--json"], ["fma", "x", "--minimum", "0"], ["fma", "x", "-o", "no such folder/x.csv"],
    ["group"], ["group", "x", "--smallest", "0"], ["group", "x", "--smallest", "9", "--largest", "8"],
    ["group", "x", "--classes", "0"], ["group", "x", "--json"], ["split", "x"], ["split", "x", "-o", ""],
    ["split", "x", "-o", "y", "--folds", "2"], ["split", "x", "-o", "y", "--shares", "80/20"],
    ["split", "x", "-o", "y", "--shares", "90/10/10"], ["split", "x", "-o", "y", "--shares", "120/-10/-10"],
    ["split", "x", "-o", "y", "--shares", "0/50/50"], ["split", "x", "-o", "y", "--together", "genre"],
    ["split", "x", "-o", "y", "--folds", "4", "--shares", "60/20/20"], ["split", "x", "-o", "y", "--seed", "-1"],
    ["check"], ["check", ""], ["check", "x", "--seconds", "-1"], ["check", "x", "--seconds", "nan"],
    ["check", "x", "--apart", "genre"], ["check", "x", "-j", "0"],
  ])
  func wrongUsageIs64(arguments: [String]) throws {
    let output = try AkinProcess.run(["dataset"] + arguments, in: folder)
    #expect(output.status == 64, "\(output)")
    #expect(output.standardOutput.isEmpty && output.standardError.contains("Usage: akin dataset \(arguments[0])"))
  }

  @Test(arguments: [
    (["fma", "nowhere"], "there is no such folder"), (["fma", "music"], "there is no tracks.csv"),
    (["group", "gone.csv"], "gone.csv"), (["group", "parts.csv"], "no 10 songs share two"),
    (["split", "gone.csv", "-o", "x"], "gone.csv"), (["split", "empty.csv", "-o", "x"], "no song has a class"),
    (["split", "parts.csv", "-o", "x"], "would be empty"), (["split", "music/x", "-o", "x"], "music/x"),
    (["split", "training.csv", "-o", "."], "overwrite the manifest that it is made of"),
    (["split", "five.csv", "-o", "old", "--shares", "60/20/20"], "belongs to another split"),
    (["split", "five.csv", "-o", "parts.csv/x", "--shares", "60/20/20"], "cannot be made"),
    (["check", "gone.csv"], "gone.csv"), (["check", "music"], "there is no training.csv"),
    (["check", "parts.csv", "./parts.csv"], "named twice"), (["check", "music/artist 0/song 0.flac"], "UTF-8"),
  ])
  func failuresAre1AndNameTheFileAndTheRemedy(arguments: [String], words: String) throws {
    try folder.write("path,class\na.mp3,x\nb.mp3,x\n", to: "parts.csv")
    let five = "path,class\n" + (1...5).map { "\($0).mp3,x\n" }.joined()
    for name in ["five.csv", "training.csv"] { try folder.write(five, to: name) }
    try folder.write("path,class\na.mp3,x\n", to: "old/fold-7.csv")
    try folder.write("path,class\na.mp3,\n", to: "empty.csv")
    let output = try AkinProcess.run(["dataset"] + arguments, in: folder)
    #expect(output.status == 1, "\(output)")
    #expect(output.standardOutput.isEmpty && output.standardError.contains(words), "\(output.standardError)")
    #expect(try text("training.csv") == five)
  }

  @Test(arguments: ["fma", "group", "split", "check"])
  func everyCommandHelps(command: String) throws {
    let output = try akin(command, "--help")
    #expect(output.status == 0 && output.standardOutput.contains("USAGE: akin dataset \(command)"))
  }

  @Test func aCheckCanBeInterrupted() throws {
    try TestSong(kind: 0, variant: 0, seconds: 60).write(to: folder("long.flac"))
    var lines = ["path"]
    for index in 0..<300 {
      try FileManager.default.linkItem(atPath: folder("long.flac"), toPath: folder("\(index).flac"))
      lines.append("\(index).flac")
    }
    try folder.write(lines.joined(separator: "\n"), to: "songs.csv")
    let running = try AkinProcess.start(["dataset", "check", "songs.csv", "-j", "1"], in: folder)
    try running.waitUntilItListensToSignals()
    kill(running.process.processIdentifier, SIGINT)
    let output = try running.finish()
    #expect(output.status == 130 && output.standardOutput.isEmpty && output.standardError.contains("interrupted"))
  }
}
