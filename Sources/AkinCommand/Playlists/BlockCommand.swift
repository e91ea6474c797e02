import ArgumentParser
import Catalogue
import Files
import MusicLibrary

struct BlockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "block", abstract: "What is never recommended: a lasting list of artists, genres, folders and songs.",
    discussion: """
      Without arguments it prints the list. What is blocked stays in the library, and can still be asked about. \
      Nothing is blocked by length unless --shortest or --longest are given.
      """)

  @Argument(
    help: ArgumentHelp(
      """
      A folder, an indexed file, or exactly the name of an artist, a genre, an album or a title, the first that there \
      is. “artist:NAME”, “genre:NAME”, “album:NAME”, “song:NAME” insist, also before the library has any.
      """, valueName: "name"))
  var names: [String] = []

  @Flag(help: "Take the names off the list.")
  var remove = false
  @Option(help: ArgumentHelp("Never recommend what is shorter, such as 0:45; 0 lifts the limit.", valueName: "length"))
  var shortest: String?
  @Option(help: ArgumentHelp("Never recommend what is longer, such as 15:00; 0 lifts the limit.", valueName: "length"))
  var longest: String?
  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if names.contains("") { throw ValidationError("A name is empty.") }
    for (option, text) in [("--shortest", shortest), ("--longest", longest)] {
      if let text, ClockTime.seconds(text) == nil {
        throw ValidationError("“\(text)” for \(option) is no length of a song: write 0:45.")
      }
    }
    let limits = (shortest.flatMap(ClockTime.seconds) ?? 0, longest.flatMap(ClockTime.seconds) ?? 0)
    if limits.1 > 0, limits.0 > limits.1 {
      throw ValidationError("--shortest is longer than --longest: no song would be left.")
    }
    if remove && (shortest != nil || longest != nil) {
      throw ValidationError("--remove goes with names; --shortest 0 and --longest 0 lift these limits.")
    }
    if remove && names.isEmpty { throw ValidationError("Name what --remove takes off the list.") }
  }

  func run() throws {
    let changes = !names.isEmpty || shortest != nil || longest != nil
    // What is not understood makes no library.
    if try library.openNamed() == nil, !names.allSatisfy(BlockList.needsNoLibrary) { _ = try library.openRequired() }
    guard let catalogue = changes ? try library.open() : try library.openExisting() else { return try show([], nil) }
    let list = BlockList(catalogue)
    // All names are understood before anything is changed.
    let clauses = try names.map { try list.clause(named: $0) }
    for clause in clauses {
      let isDone = remove ? try catalogue.unblock(clause) : try catalogue.block(clause)
      let what = try list.text(clause)
      if remove && !isDone { output.terminal.warn("\(what) was not on the list") }
      if remove && isDone { output.terminal.note("no longer blocked: \(what)") }
      if !remove { output.terminal.note("\(isDone ? "blocked" : "blocked already"): \(what)") }
    }
    try limit(shortest, in: catalogue) { .shorter(than: $0) }
    try limit(longest, in: catalogue) { .longer(than: $0) }
    if try blocksAllLengths(catalogue) {
      output.terminal.warn("every song is shorter than --shortest or longer than --longest now: nothing is recommended")
    }
    if !changes || output.json { try show(catalogue.blocks(), list) }
  }

  private func limit(
    _ text: String?, in catalogue: Catalogue, _ clause: (Double) -> TrackFilter.Clause
  ) throws {
    guard let text, let seconds = ClockTime.seconds(text) else { return }
    if seconds > 0 { try catalogue.block(clause(seconds)) } else { try catalogue.unblock(clause(1)) }
  }

  /// Whether the limits of length, of which one may be of earlier, leave no song.
  private func blocksAllLengths(_ catalogue: Catalogue) throws -> Bool {
    guard shortest != nil || longest != nil else { return false }
    let limits = try catalogue.blocks().filter { $0.kind == TrackFilter.Clause.shorter(than: 0).kind }
    let blocked = Set(try limits.flatMap { try catalogue.tracks(where: $0) })
    return try !blocked.isEmpty && blocked.count == catalogue.statistics().tracks
  }

  private struct Entry: Encodable {
    var kind, name: String
    var songs: Int
  }

  private func show(_ clauses: [TrackFilter.Clause], _ list: BlockList?) throws {
    let entries = try clauses.compactMap { clause -> Entry? in
      guard let list else { return nil }
      return Entry(kind: clause.kind, name: try list.text(clause), songs: try list.count(of: clause))
    }
    if output.json { return StandardOutput.write(JSON.text(entries, pretty: true)) }
    guard !entries.isEmpty else { return output.terminal.note("nothing is blocked") }
    var table = Table(header: ["blocked", "songs"], alignments: [.left, .right])
    for entry in entries { table.add([entry.name, "\(entry.songs)"]) }
    StandardOutput.write(table.text)
  }
}
