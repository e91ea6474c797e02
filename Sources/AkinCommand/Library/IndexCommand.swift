import ArgumentParser
import AudioFiles
import Catalogue
import Files
import Foundation
import MusicLibrary
import SongModels

struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index", abstract: "Listen to folders of music and remember how each song sounds.",
    discussion: """
      Listens only to what is new or changed, and forgets songs whose files are gone. Stopping it loses nothing that \
      is stored: run it again to go on. Without a path it brings all folders indexed before up to date.

      What may only be away is kept and named, until --prune: the songs of a folder that is missing or empty, of a disk \
      that was mounted below it, and more than half of a folder at once; also the songs of any folder that is gone or \
      empty as a whole since version 0.2, which remembered no disks, heard it. A file that could not be heard is not \
      tried again until it, akin or FFmpeg changes, or with --retry; `akin status` lists such files. A file with several \
      names, such as links, is one song. With --charset the tags of known songs are read again; the code page that is named \
      is remembered for them until another one is, or auto.

      A file that was moved, renamed or tagged anew is recognised by its sound as it is encoded, and not listened to \
      again; it may come from a folder that is missing. A copy of a song gets what its original sounds like.

      With --excerpts the library hears so many excerpts of each song from now on, unless a model is named: the next \
      indexing, too, without being told. The vectors are those of another model, and the one before answers until all \
      songs have been heard anew.

      A file that a CUE sheet cuts into several songs, beside it or inside, is these songs: album.cue/track0003, or \
      album.flac/track0003 by a sheet inside. A sheet beside it goes first. What is wrong with a sheet is said once, and \
      kept in `akin status`; its file is one song then. Songs that are known stay while their sheet is broken, until it is \
      mended or deleted, or --prune.

      With --watch it follows the folders after that: it waits until a change is over and files are written, indexes, \
      and says what it did. Ctrl-C or SIGTERM ends it with status 0. --prune, --retry and --charset count once, at the \
      beginning. Folders on network shares, and those beyond the system's limit of watches, are looked at every minute.

      \(AudioFileEndings.text)
      """)

  @Argument(help: ArgumentHelp("Folders or files.", valueName: "path"))
  var paths: [String] = []

  @Flag(help: "Forget also what may only be away, such as the songs of a disk that is not mounted.")
  var prune = false

  @Flag(help: "Try files again that could not be heard earlier and have not changed since.")
  var retry = false

  @Flag(help: "Take the sound of videos, too.")
  var video = false

  @Flag(help: "Go on: follow the folders, and index whenever something in them has changed, until Ctrl-C.")
  var watch = false

  @OptionGroup var priority: PriorityOptions
  @Flag(
    help: """
      Listen to the whole of each song once, up to ten minutes, so that `akin duplicates` also finds a song of which a \
      file holds only a part, such as a preview. Takes about a quarter of a second a song for each processor.
      """)
  var parts = false

  @Flag(help: "Then learn from the tags which songs belong together, as `akin learn` does, if they have changed much.")
  var learn = false

  @OptionGroup var charset: CharsetOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var excerpts: ExcerptOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var output: OutputOptions

  private struct Report: Encodable {
    var added, updated, moved, copied, unchanged, forgotten, tagsRead, heardAgain: Int
    var seconds: Double
    var interrupted: Bool
    var skipped, refusedEarlier: [SkippedFile]
    var leftOut: [String: Int]
    var videos: Int
  }

  func validate() throws {
    if paths.contains("") { throw ValidationError("A path is empty: name a folder or a file.") }
  }

  func run() throws {
    // What comes later is followed, but not what was mistyped.
    for path in paths where watch && !FileManager.default.fileExists(atPath: path) {
      throw FileError(path: path, reason: "there is no such file or folder", remedy: "Check the path.")
    }
    priority.apply(otherwise: watch)
    Interruption.listen()
    let terminal = output.terminal
    // A wrong usage makes no library.
    if paths.isEmpty, try library.openExisting()?.roots().isEmpty ?? true {
      throw ValidationError("Nothing has been indexed yet: name a folder of music.")
    }
    let catalogue = try library.open()
    if let excerpts = excerpts.chosen, model.name == nil {
      try catalogue.adopt(model.choose(hearing: excerpts, catalogue: catalogue))
    }
    if watch { return try follow(catalogue: catalogue, terminal: terminal) }
    let model = try chooseModel(catalogue: catalogue)
    let summary = try index(catalogue: catalogue, model: model, terminal: terminal)
    print(summary)
    tellRefused(summary, terminal: terminal)
    if !summary.wasInterrupted { try learnOrOffer(catalogue: catalogue, model: model, terminal: terminal) }
    if summary.wasInterrupted { throw ExitCode.interrupted }
    if !summary.skipped.isEmpty { throw ExitCode.doneInPart }
  }

  private var options: Indexer.Options {
    .init(
      prune: prune, retry: retry, videos: video, charset: charset.named, findsCharsets: charset.isAuto,
      wholeFingerprints: parts)
  }

  private func chooseModel(catalogue: Catalogue) throws -> EmbeddingModel {
    try model.choose(hearing: excerpts.chosen, catalogue: catalogue)
  }

  private func index(catalogue: Catalogue, model: EmbeddingModel, terminal: Terminal) throws -> Indexer.Summary {
    var reporter = IndexReporter(model: model.name, terminal: terminal)
    defer { terminal.endProgress() }
    return try Indexer(catalogue: catalogue, model: model, threads: jobs.count).index(
      paths, options: options, shouldStop: { Interruption.isRequested }, report: { reporter.tell($0) })
  }

  /// Learns from the tags if that was asked for, or says that it can be done, if it was not tried for the library as it
  /// is.
  private func learnOrOffer(catalogue: Catalogue, model: EmbeddingModel, terminal: Terminal) throws {
    var learning = TagLearning(catalogue: catalogue, model: model)
    guard learn || !output.quiet, try learning.isPromising() else { return }
    guard learn else { return terminal.note("`akin learn` can learn from these tags which songs belong together") }
    learning.threads = jobs.count
    terminal.note("learned from tags: " + (try LearnCommand.learn(learning, terminal: terminal)).sentence)
  }

  /// Indexes whenever something has changed, until Ctrl-C.
  private func follow(catalogue: Catalogue, terminal: Terminal) throws {
    var reporter = IndexReporter(model: "", terminal: terminal)
    var (isFirst, watched) = (true, -1)
    var watch = LibraryWatch(paths, catalogue: catalogue, options: options)
    defer { terminal.endProgress() }
    try watch.run(
      makeIndexer: {
        let model = try chooseModel(catalogue: catalogue)
        reporter.begin(model: model.name)
        return Indexer(catalogue: catalogue, model: model, threads: jobs.count)
      }, shouldStop: { Interruption.isRequested },
      report: { event in
        switch event {
        case .indexing(let event): reporter.tell(event)
        case .indexed(let summary):
          terminal.endProgress()
          guard isFirst || summary.hasChanges else { return }
          print(summary)
          fflush(nil)
          if isFirst { tellRefused(summary, terminal: terminal) }
          isFirst = false
          if learn, !summary.wasInterrupted {
            do {
              try learnOrOffer(
                catalogue: catalogue, model: chooseModel(catalogue: catalogue), terminal: terminal)
            } catch { terminal.warn("could not learn: \(error)") }
          }
        case .failed(let reason): terminal.warn("could not index: \(reason)")
        case .watching(let folders):
          terminal.endProgress()
          if folders == watched { break }
          watched = folders
          terminal.note("watching \(counted(folders, "folder")); Ctrl-C ends it")
        case .looking(let seconds, let reason):
          terminal.note("looking for changes every \(seconds) s, since \(reason)")
        }
      })
  }

  private func print(_ summary: Indexer.Summary) {
    if output.json {
      StandardOutput.write(
        JSON.text(
          Report(
            added: summary.added, updated: summary.updated, moved: summary.moved, copied: summary.copied,
            unchanged: summary.unchanged, forgotten: summary.forgotten, tagsRead: summary.tagsRead,
            heardAgain: summary.heardAgain, seconds: summary.seconds,
            interrupted: summary.wasInterrupted, skipped: .init(summary.skipped),
            refusedEarlier: .init(summary.refusedEarlier), leftOut: summary.leftOut,
            videos: summary.videos)))
    } else if !output.quiet {
      StandardOutput.write(Self.text(summary))
    }
  }

  private func tellRefused(_ summary: Indexer.Summary, terminal: Terminal) {
    let refused = summary.refusedEarlier.count
    if refused > 0 {
      terminal.note(
        "\(counted(refused, "file")) could not be heard earlier and \(refused == 1 ? "is" : "are") unchanged: "
          + "`akin status` lists \(refused == 1 ? "it" : "them"), --retry tries again")
    }
  }

  /// - Parameter offersVideos: whether the command has the option `--video`.
  static func text(_ summary: Indexer.Summary, offersVideos: Bool = true) -> String {
    var text =
      "\(counted(summary.added, "song")) added, \(summary.updated) updated, \(summary.moved) moved, "
      + "\(summary.unchanged) unchanged, \(summary.forgotten) forgotten"
    if summary.copied > 0 { text += ", \(summary.copied) not listened to as copies of others" }
    if summary.tagsRead > 0 { text += ", tags of \(summary.tagsRead) read again" }
    if summary.heardAgain > 0 { text += ", \(summary.heardAgain) heard again for what was not measured yet" }
    if !summary.skipped.isEmpty { text += ", \(summary.skipped.count) left out" }
    if summary.wasInterrupted { text += "; interrupted, run it again to go on" }
    let leftOut = LeftOutFiles.text(summary.leftOut, videos: summary.videos, offersVideos: offersVideos)
    if let leftOut { text += "\n" + leftOut }
    return text
  }
}
