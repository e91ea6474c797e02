import ArgumentParser
import AudioFiles
import Catalogue
import Files
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
      names, such as links, is one song. With --charset the tags of known songs are read again.

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

  @Flag(
    help: """
      Listen to the whole of each song once, up to ten minutes, so that `akin duplicates` also finds a song of which a \
      file holds only a part, such as a preview. Takes about a quarter of a second a song for each processor.
      """)
  var parts = false

  @OptionGroup var charset: CharsetOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var output: OutputOptions

  private struct Report: Encodable {
    var added, updated, unchanged, forgotten, tagsRead, fingerprintsMade: Int
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
    Interruption.listen()
    let terminal = output.terminal
    // A wrong usage makes no library.
    if paths.isEmpty, try library.openExisting()?.roots().isEmpty ?? true {
      throw ValidationError("Nothing has been indexed yet: name a folder of music.")
    }
    let catalogue = try library.open()
    let model = try model.choose(catalogue: catalogue)
    let summary = try index(catalogue: catalogue, model: model, terminal: terminal)
    if output.json {
      StandardOutput.write(
        JSON.text(
          Report(
            added: summary.added, updated: summary.updated, unchanged: summary.unchanged,
            forgotten: summary.forgotten, tagsRead: summary.tagsRead,
            fingerprintsMade: summary.fingerprintsMade, seconds: summary.seconds,
            interrupted: summary.wasInterrupted, skipped: .init(summary.skipped),
            refusedEarlier: .init(summary.refusedEarlier), leftOut: summary.leftOut,
            videos: summary.videos)))
    } else if !output.quiet {
      StandardOutput.write(Self.text(summary))
    }
    let refused = summary.refusedEarlier.count
    if refused > 0 {
      terminal.note(
        "\(counted(refused, "file")) could not be heard earlier and \(refused == 1 ? "is" : "are") unchanged: "
          + "`akin status` lists \(refused == 1 ? "it" : "them"), --retry tries again")
    }
    if summary.wasInterrupted { throw ExitCode.interrupted }
    if !summary.skipped.isEmpty { throw ExitCode.doneInPart }
  }

  private func index(catalogue: Catalogue, model: EmbeddingModel, terminal: Terminal) throws -> Indexer.Summary {
    let start = ContinuousClock.now
    defer { terminal.endProgress() }
    return try Indexer(catalogue: catalogue, model: model, threads: jobs.count).index(
      paths,
      options: .init(
        prune: prune, retry: retry, videos: video, charset: charset.charset, wholeFingerprints: parts),
      shouldStop: { Interruption.isRequested },
      report: { event in
        switch event {
        case .found(let pending, let unchanged):
          terminal.note("\(counted(pending, "song")) to listen to with \(model.name), \(unchanged) up to date")
        case .progress(let done, let total):
          terminal.progress(Rate(done: done, total: total, since: start).text(of: "songs"))
        case .readingTags(let done, let total):
          terminal.progress("reading tags \(done) of \(total)")
        case .makingFingerprints(let done, let total):
          terminal.progress("hearing songs again to find copies \(done) of \(total)")
        case .comparingFingerprints:
          terminal.progress("looking for copies")
        case .skipped(let path, let reason):
          terminal.warn(leftOut: path, reason)
        case .noted(let path, let note):
          terminal.warn(of: [note], path)
        case .note(let text):
          terminal.warn(text)
        }
      })
  }

  static func text(_ summary: Indexer.Summary) -> String {
    var text =
      "\(counted(summary.added, "song")) added, \(summary.updated) updated, \(summary.unchanged) unchanged, "
      + "\(summary.forgotten) forgotten"
    if summary.tagsRead > 0 { text += ", tags of \(summary.tagsRead) read again" }
    if summary.fingerprintsMade > 0 { text += ", \(summary.fingerprintsMade) heard again to find copies" }
    if !summary.skipped.isEmpty { text += ", \(summary.skipped.count) left out" }
    if summary.wasInterrupted { text += "; interrupted, run it again to go on" }
    if let leftOut = LeftOutFiles.text(summary.leftOut, videos: summary.videos) { text += "\n" + leftOut }
    return text
  }
}
