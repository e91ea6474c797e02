import AudioDecoding
import Foundation
import TestSupport
import Testing

/// Titles and names of files with characters that a terminal would obey, at every way out.
@Suite(.needsTheProgram) struct HostileNameTests {
  /// ESC, the one-byte CSI, ends of lines and paragraphs, and what turns the direction of text.
  private static let hostile = "\u{1b}[31m\u{9b}2J\u{202e}\u{2066}\u{2028}\u{2029}\r\n\u{7}\u{7f}\u{85}\u{b}x"
  private static let title = "Title " + hostile
  private static let name = "s" + hostile + ".flac"

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try TestSong(kind: 0, variant: 0).write(to: folder("music/a.flac"), tags: AudioTags(title: "Plain", artists: ["P"]))
    for (index, name) in [Self.name, "t" + Self.hostile + ".wav"].enumerated() {
      try TestSong(kind: 1, variant: index).write(
        to: folder("music/new.flac"), tags: AudioTags(title: Self.title, artists: ["Artist " + Self.hostile]))
      try FileManager.default.moveItem(atPath: folder("music/new.flac"), toPath: folder("music/" + name))
    }
    try folder.write("no music", to: "music/broken \(Self.hostile).mp3")
  }

  private func akin(_ arguments: String...) throws -> AkinProcess.Output {
    try AkinProcess.run(arguments, in: folder)
  }

  /// Whether a text has nothing that a terminal obeys but ends of lines and the escapes of JSON.
  private func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x0A: true
      case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: false
      default: true
      }
    }
  }

  @Test func nothingReachesATerminalAsItIs() throws {
    let index = try akin("index", "music")
    #expect(index.status == 2)
    // One line for each file that was left out, whatever its name.
    #expect(index.standardError.split(separator: "\n").count { $0.hasPrefix("akin: left out") } == 1)
    #expect(index.standardError.contains(#"$'"#) && index.standardError.contains(#"\x1b[31m\u009b2J\u202e"#))
    let outputs = [
      index, try akin("status"), try akin("similar", "music/a.flac"), try akin("similar", "title"),
      try akin("similar", "music/gone " + Self.hostile), try akin("similar", "music/a.flac", "--" + Self.hostile),
      try akin("dataset", "folder", "music", "--minimum", "1", "-o", "songs.csv"), try akin("map"),
      try akin("dataset", "check", "songs.csv"), try akin("features", "music/broken \(Self.hostile).mp3"),
      try akin("similar", "music/a.flac", "--json"), try akin("status", "--json"),
      try akin("index", "--retry", "--json"),
      try akin("embed", "music/" + Self.name), try akin("similar", "x", "--library", "lib " + Self.hostile),
    ]
    for output in outputs {
      #expect(isHarmless(output.standardOutput), "\(output.standardOutput.debugDescription)")
      #expect(isHarmless(output.standardError), "\(output.standardError.debugDescription)")
    }
    // A table keeps its lines, and an error that lists songs has one line for each.
    #expect(outputs[2].standardOutput.split(separator: "\n").count == 3)
    #expect(outputs[3].status == 1 && outputs[3].standardError.split(separator: "\n").count == 3)
  }

  @Test func columnsLineUpWhateverTheScript() throws {
    for (index, title) in ["音楽", "e\u{301}e\u{301}", "🎵", "한국어", "plain"].enumerated() {
      try TestSong(kind: index, variant: 0).write(
        to: folder("wide/\(index).flac"), tags: AudioTags(title: title, artists: ["A"]))
    }
    _ = try akin("index", "wide")
    let lines = try akin("similar", "wide/4.flac").standardOutput.split(separator: "\n").dropFirst()
    // Columns of a terminal before the path: two for each of these letters, none for an accent.
    let starts = lines.map { line in
      line.prefix { $0 != "/" }.unicodeScalars.reduce(0) { sum, scalar in
        sum + (scalar == "\u{301}" ? 0 : scalar.value >= 0x3000 ? 2 : 1)
      }
    }
    #expect(starts.count == 4 && Set(starts).count == 1, "\(starts)")
  }

  @Test func jsonKeepsWhatTheTagsSay() throws {
    _ = try akin("index", "music")
    let songs = try #require(try akin("similar", "music/a.flac", "--json").json() as? [[String: Any]])
    #expect(Set(songs.map { $0["path"] as? String }).contains(folder("music/" + Self.name)))
  }

  @Test func aPathIsShownAsShellsReadIt() throws {
    _ = try akin("index", "music")
    let status = try akin("status").standardOutput
    let line = try #require(status.split(separator: "\n").first { $0.contains("broken") })
    let quoted = try #require(line.firstMatch(of: /\$'(?:[^'\\]|\\.)*'/)).output
    let bash = try AkinProcess.run(["-c", "printf %s \(quoted)"], in: folder, program: "/bin/bash")
    #expect(bash.standardOutput.utf8.elementsEqual(folder("music/broken \(Self.hostile).mp3").utf8))
  }

  @Test func aPlaylistOmitsWhatItCannotHoldAndSaysSo() throws {
    try FileManager.default.moveItem(
      atPath: folder("music/t" + Self.hostile + ".wav"), toPath: folder("music/#\u{1b}esc.wav"))
    _ = try akin("index", "music")
    let output = try akin("similar", "music/a.flac", "--m3u", "-")
    #expect(output.status == 0 && isHarmless(output.standardOutput))
    let lines = output.standardOutput.split(separator: "\n")
    #expect(lines.count == 3 && lines[2].hasPrefix("file:///") && lines[2].hasSuffix("/music/%23%1Besc.wav"))
    #expect(output.standardError.contains("left out of the playlist: $'"))
  }

  @Test func aPlaylistOverwritesPlaylistsOnly() throws {
    try FileManager.default.copyItem(atPath: folder("music/a.flac"), toPath: folder("song.m3u"))
    _ = try akin("index", "music")
    let song = try Data(contentsOf: URL(filePath: folder("song.m3u")))
    for (arguments, kind) in [
      (["similar", "music/a.flac", "--m3u"], "playlist"), (["map", "--format", "svg", "-o"], "map"),
      (["features", "music/a.flac", "-o"], "array"),
      (["dataset", "folder", "music", "--minimum", "1", "-o"], "manifest"),
    ] {
      for file in ["song.m3u", "music/a.flac"] {
        let output = try AkinProcess.run(arguments + [file], in: folder)
        #expect(output.status == 1 && output.standardOutput.isEmpty)
        #expect(output.standardError.contains("is no \(kind)") && output.standardError.contains("--force"))
        #expect(try Data(contentsOf: URL(filePath: folder(file))) == song)
      }
      // Its own, an empty file, and a new one are written; all others with --force.
      let name = "output \(kind)"
      try folder.write("", to: name)
      for _ in 0..<2 { #expect([0, 2].contains(try AkinProcess.run(arguments + [name], in: folder).status)) }
      #expect([0, 2].contains(try AkinProcess.run(arguments + ["song.m3u", "--force"], in: folder).status))
      #expect(try Data(contentsOf: URL(filePath: folder("song.m3u"))) != song)
      try song.write(to: URL(filePath: folder("song.m3u")))
    }
    try folder.write("a.mp3\n", to: "plain.m3u8")
    #expect(try akin("similar", "music/a.flac", "--m3u", "plain.m3u8").status == 0)
  }

  @Test func playlistsCanBeRelative() throws {
    _ = try akin("index", "music")
    func plain(_ arguments: String..., file: String? = nil) throws -> String? {
      let output = try AkinProcess.run(
        ["similar", "music/other.flac", "-n", "1"] + arguments, in: folder)
      let text = try file.map { try String(contentsOf: URL(filePath: folder($0)), encoding: .utf8) }
      return (text ?? output.standardOutput).split(separator: "\n").dropFirst(2).first.map(String.init)
    }
    try TestSong(kind: 0, variant: 1).write(to: folder("music/other.flac"))
    try FileManager.default.createDirectory(atPath: folder("lists"), withIntermediateDirectories: true)
    #expect(try plain("--m3u", "-") == folder("music/a.flac"))
    #expect(try plain("--m3u", "-", "--relative") == "music/a.flac")
    #expect(try plain("--m3u", "lists/x.m3u", "--relative", file: "lists/x.m3u") == "../music/a.flac")
    #expect(try plain("--m3u", "-", "--relative-to", "music") == "a.flac")
  }
}
