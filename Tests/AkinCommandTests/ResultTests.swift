import AudioDecoding
import AudioFeatures
import Foundation
import SongModels
import TestSupport
import Testing

/// Results and their shapes, on a small indexed collection.
@Suite(.needsTheProgram) struct ResultTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 3, variants: 4, in: folder("music"))
  }

  private func akin(_ arguments: String..., environment: [String: String] = [:], input: String? = nil) throws
    -> AkinProcess.Output
  {
    try AkinProcess.run(arguments, in: folder, environment: environment, input: input)
  }

  private func keys(_ value: Any?) -> Set<String> { Set((value as? [String: Any] ?? [:]).keys) }

  @Test func indexAndSimilar() throws {
    let index = try akin("index", "music", "--json")
    #expect(index.status == 0)
    #expect(
      keys(try index.json()) == [
        "added", "updated", "moved", "copied", "unchanged", "forgotten", "tagsRead", "heardAgain", "seconds",
        "interrupted", "skipped", "refusedEarlier", "leftOut", "videos",
      ])
    #expect(try (index.json() as? [String: Any])?["added"] as? Int == 12)
    #expect(index.standardError.contains("12 songs to listen to with akin"))

    let similar = try akin("similar", "music/artist 0/song 0.flac", "-n", "3", "--json")
    #expect(similar.status == 0)
    #expect(similar.standardError.isEmpty)
    let songs = try #require(try similar.json() as? [[String: Any]])
    #expect(songs.count == 3)
    for song in songs {
      #expect(keys(song) == ["path", "title", "artist", "album", "duration", "similarity"])
      #expect(song["artist"] as? String == "Artist 0")
      #expect(song["similarity"] is Double && song["duration"] is Double)
    }
    #expect(songs.map { $0["path"] as? String }.contains(folder("music/artist 0/song 0.flac")) == false)

    let table = try akin("similar", "Song 1-2", "--quiet", "--m3u", "list.m3u")
    #expect(table.status == 0 && table.standardError.isEmpty)
    #expect(table.standardOutput.split(separator: "\n").count == 11)
    let list = try String(contentsOf: URL(filePath: folder("list.m3u")), encoding: .utf8)
    #expect(list.hasPrefix("#EXTM3U\n") && list.split(separator: "\n").count == 21)

    let words = try akin("similar", "song 1-2")
    let path = folder("music/artist 1/song 2.flac")
    #expect(words.status == 0 && words.standardError.hasPrefix("like: Artist 1 – Song 1-2 (\(path))\n"))

    let printed = try akin("similar", "Song 1-2", "--quiet", "--m3u", "-")
    #expect(printed.standardOutput == list && !FileManager.default.fileExists(atPath: folder("-")))

    let quiet = try akin("index", "--quiet")
    #expect(quiet.status == 0 && quiet.standardOutput.isEmpty && quiet.standardError.isEmpty)
  }

  @Test func duplicates() throws {
    let none = try akin("duplicates")
    #expect(none.status == 1 && none.standardError.contains("there is no library yet"))
    let music = TestMelody(seed: 1, seconds: 20).samples
    for (name, format) in [("one.flac", AudioFileFormat.flac), ("two.mp3", .mp3)] {
      try AudioEncoder.write(
        [music], sampleRate: 22_050, tags: AudioTags(title: name, artists: ["Artist"]), to: folder("music/\(name)"),
        format: format)
    }
    _ = try akin("index", "music/artist 0", "--quiet")
    let nothing = try akin("duplicates", "--json")
    #expect(nothing.status == 0)
    #expect(try (nothing.json() as? [Any])?.count == 0)
    #expect(nothing.standardError.contains("no recording was found twice"))

    _ = try akin("index", "music", "--quiet")
    let found = try akin("duplicates", "--json", "--quiet")
    #expect(found.status == 0 && found.standardError.isEmpty)
    let duplicates = try #require(try found.json() as? [[String: Any]])
    #expect(duplicates.allSatisfy { keys($0) == ["songs"] })
    let songs = try #require(
      duplicates.compactMap { $0["songs"] as? [[String: Any]] }
        .first { $0.contains { $0["title"] as? String == "one.flac" } })
    #expect(songs.map { $0["title"] as? String } == ["one.flac", "two.mp3"])
    for song in songs {
      #expect(
        keys(song) == [
          "path", "title", "artist", "album", "duration", "bytes", "bitRate", "codec", "sampleRate", "channels",
        ])
      #expect(song["bytes"] is Int && song["bitRate"] is Int && song["album"] is NSNull)
    }
    let text = try akin("duplicates").standardOutput
    #expect(text.contains("kbit/s") && text.contains("music/two.mp3"))
  }

  @Test func whatTwoSongsShare() throws {
    _ = try akin("index", "music", "--quiet")
    let output = try akin("describe", "Song 1-2", "music/artist 0/song 0.flac", "--json")
    #expect(output.status == 0 && output.standardError.isEmpty)
    let songs = try #require(try output.json() as? [[String: Any]])
    let nearest = try akin("similar", "Song 1-2", "-n", "1", "--json", "--quiet").json() as? [[String: Any]]
    #expect(songs.count == 2 && songs[0]["with"] as? String == nearest?[0]["path"] as? String)
    for song in songs {
      #expect(
        keys(song) == [
          "path", "title", "artist", "album", "tempo", "loudness", "brightness", "with", "similarity", "rank",
          "songs", "aspects", "summary",
        ])
      #expect(song["rank"] as? Int == 1 && song["songs"] as? Int == 11 && song["loudness"] is Double)
      let aspects = try #require(song["aspects"] as? [[String: Any]])
      #expect(aspects.map { $0["aspect"] as? String } == ["timbre", "spectrum", "rhythm", "character"])
      #expect(aspects.allSatisfy { keys($0) == ["aspect", "likeness", "similarity", "contribution"] })
    }
    let text = try akin("describe", "Song 1-2", "--with", "Song 2-0").standardOutput.split(separator: "\n")
    #expect(text[0].hasPrefix("Artist 1 – Song 1-2  (") && text[2].hasPrefix("with Artist 2 – Song 2-0  ("))
    #expect(text.contains { $0.hasPrefix("similarity ") && $0.contains(", rank ") && $0.hasSuffix("of 11 songs") })
    #expect(text.contains { $0.hasPrefix("rhythm ") })
    #expect(text[1].hasPrefix("  ") && text[1].contains(" LUFS, brightness "))
    try TestSong(kind: 1, variant: 7, seconds: 8).write(to: folder("new.wav"))
    let file = try akin("describe", "new.wav", "--json")
    let described = try #require(try file.json() as? [[String: Any]])
    #expect(described[0]["path"] as? String == folder("new.wav") && described[0]["loudness"] is Double)
    #expect(described[0]["songs"] as? Int == 12)
    let several = try akin("describe", "Song 1")
    #expect(several.status == 1 && several.standardError.contains("Song 1-3"))
    #expect(try akin("describe", "missing.flac").standardError.contains("missing.flac"))
    let unknown = try akin("describe", "Song 1-2", "--with", "nobody")
    #expect(unknown.status == 1 && unknown.standardError.contains("nobody"))

    let weighted = try akin("similar", "Song 1-2", "--weights", "timbre=0,spectrum=0", "--json", "--quiet")
    let listed = try weighted.json() as? [Any]
    #expect(weighted.status == 0 && listed?.count == 10)
    for command in [
      ["similar", "Song 1-2"], ["playlist", "Song 1-2"], ["playlist", "--from", "Song 0-0", "--to", "Song 2-0"],
    ] {
      let explained = try AkinProcess.run(command + ["-n", "3", "--why", "--json", "--quiet"], in: folder)
      let songs = try #require(try explained.json() as? [[String: Any]])
      #expect(songs.count == 3)
      for (place, song) in songs.enumerated() where place > 0 || command.count == 2 {
        let why = try #require(song["why"] as? [String: Any])
        #expect(keys(why) == ["with", "summary", "aspects", "tempo", "loudness", "brightness"])
        let other = command.count == 2 ? folder("music/artist 1/song 2.flac") : songs[place - 1]["path"] as? String
        #expect(why["with"] as? String == other && (why["aspects"] as? [Any])?.count == 4)
      }
    }
    #expect(try akin("similar", "Song 1-2", "--why", "--quiet").standardOutput.contains("alike in timbre"))
    let loud = try akin("similar", "Song 1-2", "--loudness", "..-60", "--quiet")
    #expect(loud.status == 2 && loud.standardOutput.isEmpty)
    #expect(try akin("similar", "Song 1-2", "--not-loudness", "..-60", "--quiet").standardOutput.contains("Artist 1"))
  }

  @Test(arguments: [true, false])
  func aFolderOrTextThatIsNamedLikeASongHidesItNot(isFolder: Bool) throws {
    _ = try akin("index", "music", "--quiet")
    try folder.write("no music", to: isFolder ? "Song 1-2/notes" : "Song 1-2")
    #expect(try akin("similar", "Song 1-2").status == 0)
    // A path is a path.
    let path = try akin("similar", "./Song 1-2")
    #expect(path.status == 1 && path.standardError.contains("Song 1-2: "))
    // Words that no song has leave the file's own error.
    try FileManager.default.moveItem(atPath: folder("Song 1-2"), toPath: folder("nothing"))
    let error = try akin("similar", "nothing").standardError
    #expect(!error.contains("there is no such file") && error.contains("nothing: "))
  }

  @Test(arguments: ["target.m3u", "lists/target.m3u"])
  func aPlaylistIsWrittenThroughALinkToNothingYet(target: String) throws {
    _ = try akin("index", "music", "--quiet")
    try folder.write("", to: "lists/other")
    try FileManager.default.createSymbolicLink(atPath: folder("a.m3u"), withDestinationPath: target)
    try FileManager.default.createSymbolicLink(atPath: folder("b.m3u"), withDestinationPath: folder("a.m3u"))
    #expect(try akin("similar", "Song 1-2", "--m3u", "b.m3u").status == 0)
    for link in ["a.m3u", "b.m3u"] {
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder(link)).hasSuffix(".m3u"))
    }
    let list = try String(contentsOf: URL(filePath: folder(target)), encoding: .utf8)
    #expect(list.hasPrefix("#EXTM3U"))
    // A link in a circle is an error, and stays.
    try FileManager.default.createSymbolicLink(atPath: folder("c.m3u"), withDestinationPath: "c.m3u")
    let circle = try akin("similar", "Song 1-2", "--m3u", "c.m3u")
    #expect(circle.status == 1 && circle.standardError.contains("c.m3u: "))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("c.m3u")) == "c.m3u")
  }

  #if os(Linux)
    /// On Debian FFmpeg brings some 130 libraries, which take longer to load than an answer takes.
    @Test func anIndexedSongIsAnsweredWithoutFFmpeg() throws {
      func loads(_ arguments: String...) throws -> Bool {
        let output = try AkinProcess.run(arguments, in: folder, environment: ["LD_DEBUG": "files"])
        #expect(output.status == 0 && output.standardError.contains("libc.so"))
        return output.standardError.contains("libavutil")
      }
      #expect(try loads("index", "music") == true)
      #expect(try loads("similar", "music/artist 0/song 0.flac") == false)
      #expect(try loads("similar", "Song 1-2") == false)
    }
  #endif

  @Test func aDiskWithoutRoomIsToldAsSuch() throws {
    _ = try akin("index", "music")
    // Files of 4 KiB at most, which the answer needs as well as what SQLite shares between processes.
    let full = try AkinProcess.run(
      ["similar", "Song 1-2"], in: folder, shell: #"trap "" XFSZ; ulimit -f 8; exec "$0" "$@""#)
    #expect(full.status == 1 && full.standardOutput.isEmpty)
    #expect(full.standardError.contains("the disk is full"), "\(full.standardError)")
  }

  @Test func aDemoOffersNoOptionThatItLacks() throws {
    try TestVideo(song: TestSong(kind: 0, variant: 0)).write(to: folder("music/film.avi"))
    let index = try akin("index", "music")
    #expect(index.standardOutput.contains("left out 1 video (--video takes it)\n"))
    let demo = try akin("demo", "--music", "music")
    #expect(demo.status == 0 && demo.standardOutput.contains("left out 1 video\n"), "\(demo)")
  }

  @Test func songsWithoutTagsHaveEveryKey() throws {
    try TestSong(kind: 0, variant: 8).write(to: folder("music/untagged.wav"))
    _ = try akin("index", "music")
    let songs = try #require(
      try akin("similar", "music/artist 0/song 0.flac", "-n", "99", "--json").json() as? [[String: Any]])
    let untagged = try #require(songs.first { ($0["path"] as? String)?.hasSuffix("untagged.wav") == true })
    #expect(keys(untagged) == ["path", "title", "artist", "album", "duration", "similarity"])
    #expect(untagged["title"] is NSNull)
  }

  @Test func theLibraryIsTheOneThatIsNamed() throws {
    #expect(try akin("index", "music", environment: ["AKIN_LIBRARY": folder("one.sqlite")]).status == 0)
    #expect(try akin("index", "music/artist 0", "--library", "two.sqlite").status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder("library.sqlite")))
    func count(_ library: String) throws -> Int? {
      try (akin("similar", "Song 0-0", "-n", "50", "--json", "--library", library).json() as? [Any])?.count
    }
    #expect(try count("one.sqlite") == 11)
    #expect(try count("two.sqlite") == 3)
  }

  @Test func whatIsLeftOutIsNamedAndTheStatusIs2() throws {
    try folder.write("no music", to: "music/broken.mp3")
    try folder.write("", to: "music/notes.mid")
    for quiet in [[], ["--quiet"]] {
      let index = try AkinProcess.run(["index", "music", "--retry"] + quiet, in: folder)
      #expect(index.status == 2)
      #expect(index.standardError.contains("akin: left out \(folder("music/broken.mp3")): "))
      #expect(index.standardOutput.contains("left out by ending: 1 .mid") == quiet.isEmpty)
    }
    func report(_ arguments: String...) throws -> [String: Any] {
      try #require(try AkinProcess.run(["index", "music", "--json"] + arguments, in: folder).json() as? [String: Any])
    }
    let json = try report("--retry")
    let skipped = try #require(json["skipped"] as? [[String: String]])
    #expect(skipped.map { $0["path"] } == [folder("music/broken.mp3")])
    #expect(keys(skipped[0]) == ["path", "reason"])
    #expect(json["leftOut"] as? [String: Int] == ["mid": 1] && json["videos"] as? Int == 0)
    // What is known to be broken is not tried again, and no failure of this run.
    let again = try akin("index", "music")
    #expect(again.status == 0 && again.standardError.contains("1 file could not be heard earlier"))
    let earlier = try report()
    #expect((earlier["skipped"] as? [Any])?.isEmpty == true)
    #expect(earlier["refusedEarlier"] as? [[String: String]] == skipped)
  }

  @Test func status() throws {
    _ = try akin("index", "music")
    try folder.write("no music", to: "music/broken.mp3")
    try folder.write("no music any more", to: "music/artist 0/song 0.flac")
    _ = try akin("index", "music")
    let output = try akin("status", "--json")
    let json = try #require(try output.json() as? [String: Any])
    #expect(output.status == 0 && output.standardError.isEmpty)
    #expect(
      keys(json) == [
        "library", "bytes", "tracks", "hours", "models", "learned", "roots", "refused", "notes", "videos",
        "lastIndexing", "indexing",
      ])
    #expect(json["indexing"] as? Bool == false)
    #expect(json["tracks"] as? Int == 12 && abs((json["hours"] as? Double ?? 0) - 12.0 / 3600) < 0.001)
    let refused = try #require(json["refused"] as? [[String: Any]])
    #expect(
      refused.map { $0["path"] as? String } == [folder("music/artist 0/song 0.flac"), folder("music/broken.mp3")])
    #expect(refused.map { $0["heardBefore"] as? Bool } == [true, false])
    #expect(keys(refused[0]) == ["path", "reason", "heardBefore"])
    let models = try #require(json["models"] as? [[String: Any]])
    #expect(models.map { $0["songs"] as? Int } == [12] && models.map { $0["complete"] as? Bool } == [true])
    #expect(models[0]["name"] as? String == "akin" && models[0]["alike"] as? [String] == [])
    #expect(models[0]["current"] as? Bool == true)
    #expect((json["roots"] as? [[String: Any]])?.map { $0["missing"] as? Bool } == [false])
    #expect((json["bytes"] as? Int ?? 0) > 10_000)

    let last = try #require(json["lastIndexing"] as? [String: Any])
    #expect(last["unchanged"] as? Int == 11 && last["skipped"] as? Int == 2 && last["interrupted"] as? Bool == false)
    #expect(
      keys(last) == [
        "began", "seconds", "model", "added", "updated", "moved", "unchanged", "forgotten", "skipped", "interrupted",
      ])
    let lines = try akin("status", "--csv").standardOutput.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "path,reason,heardBefore" && lines[2].hasSuffix(",false"))

    try FileManager.default.moveItem(atPath: folder("music"), toPath: folder("away"))
    let text = try akin("status").standardOutput
    #expect(text.contains("last indexed") && text.contains("11 unchanged"))
    #expect(text.contains("akin (\(EmbeddingModel.standard.identifier)) has heard all songs, and answers"))
    #expect(text.contains("12 songs") && text.contains("\(folder("music")): missing"))
    #expect(text.contains("2 files could not be heard") && text.contains("still answers"))
  }

  @Test func evaluate() throws {
    let dataset = try akin("dataset", "folder", "music", "--output", "songs.csv")
    #expect(dataset.status == 0 && dataset.standardOutput.isEmpty)
    #expect(dataset.standardError.contains("12 songs in 3 classes by artist"))
    let output = try akin("evaluate", "songs.csv", "--json", "--model", "mfcc")
    #expect(output.status == 0 && output.standardError.isEmpty)
    let metrics = try #require(try output.json() as? [String: Any])
    #expect(keys(metrics) == ["queries", "skippedQueries", "mrr", "map", "p@1", "p@5", "p@9", "classes"])
    #expect(metrics["queries"] as? Int == 12)
    let classes = try #require(metrics["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["Artist 0", "Artist 1", "Artist 2"])
    #expect(classes.allSatisfy { keys($0) == ["name", "queries", "mrr", "map", "p@1", "p@5", "p@9"] })
    let table = try akin("evaluate", "songs.csv")
    #expect(table.standardOutput.split(separator: "\n").count == 5)

    try folder.write("path,class\nmusic/artist 0/song 0.flac,Artist 0\ngone.mp3,Artist 1\n", to: "queries.csv")
    let some = try akin("evaluate", "--queries", "queries.csv", "--references", "songs.csv", "--json")
    #expect(some.status == 2)
    #expect(some.standardError.contains(folder("gone.mp3")))
    #expect(try (some.json() as? [String: Any])?["queries"] as? Int == 1)
    // The artist filter takes every song of a class by artist out.
    let nothing = try akin("evaluate", "songs.csv", "--artist-filter")
    #expect(nothing.status == 1 && nothing.standardError.contains("class"))
  }

  @Test func embed() throws {
    let (song, other) = ("music/artist 0/song 0.flac", "music/artist 1/song 1.flac")
    let named = try akin("embed", song, "gone.mp3", other, "--quiet", "--model", "mfcc")
    #expect(named.status == 2 && named.standardError.isEmpty)
    let lines = try named.standardOutput.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["path"] as? String } == [song, "gone.mp3", other])
    #expect(keys(lines[0]) == ["path", "model", "duration", "embedding"] && keys(lines[1]) == ["path", "error"])
    #expect((lines[0]["embedding"] as? [Double])?.count == 140 && lines[0]["model"] as? String == "mfcc-1")
    for arguments in [["embed"], ["embed", "-"]] {
      let piped = try AkinProcess.run(
        arguments + ["--model", "mfcc", "-j", "1"], in: folder, input: "\(song)\n\ngone.mp3\r\n\(other)")
      #expect(piped.status == 2 && piped.standardOutput == named.standardOutput)
    }
    let none = try akin("embed", input: "")
    #expect(none.status == 0 && none.standardOutput.isEmpty)
  }

  @Test func features() throws {
    let song = "music/artist 0/song 0.flac"
    #expect(try akin("features", song, "--output", "x.npy").status == 0)
    #expect(try NumPyArray(contentsOf: URL(filePath: folder("x.npy"))).shape == [44, 128])
    #expect(try akin("features", song, "--frames", "640", "--hop-length", "1024", "-o", "y.npy").status == 0)
    #expect(try NumPyArray(contentsOf: URL(filePath: folder("y.npy"))).shape == [640, 128])
    let json = try #require(try akin("features", song, "--kind", "mfcc").json() as? [String: Any])
    #expect(keys(json) == ["path", "kind", "shape", "values"])
    #expect(json["shape"] as? [Int] == [140] && (json["values"] as? [Double])?.count == 140)
    let unwritable = try akin("features", song, "--output", "no/x.npy")
    #expect(unwritable.status == 1 && unwritable.standardError.contains("folder that it is to lie in is not there"))
  }

  @Test func datasets() throws {
    let csv = try akin("dataset", "folder", "music", "--class", "album", "--quiet")
    #expect(csv.status == 0 && csv.standardError.isEmpty)
    #expect(csv.standardOutput.hasPrefix("path,artist,album,genre,subgenre,class,title\n\(folder("music/"))"))
    #expect(csv.standardOutput.split(separator: "\n").count == 13)
    let json = try akin("dataset", "folder", "music", "-o", "sets.csv", "--json", "--class", "folder")
    #expect(
      keys(try json.json()) == [
        "file", "songs", "classes", "withoutClass", "inSmallClasses", "smallClasses", "skipped", "leftOut", "videos",
      ])
    #expect(try String(contentsOf: URL(filePath: folder("sets.csv")), encoding: .utf8).contains("\nmusic/artist 0/"))
    let nothing = try akin("dataset", "folder", "music", "--minimum", "5")
    #expect(nothing.status == 1 && nothing.standardError.contains("--minimum"))
  }

  @Test func describe() throws {
    let text = try akin("model", "describe", "mfcc")
    #expect(text.status == 0 && text.standardOutput.contains("140 numbers"))
    #expect(keys(try akin("model", "describe", "--json").json()).isSuperset(of: ["name", "identifier", "dimension"]))
  }
}
