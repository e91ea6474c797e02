import ArgumentParser
import Catalogue
import Files
import Foundation
import MusicLibrary

struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "What was played, skipped, liked, rated and told apart.",
    discussion: """
      A player's script may tell: `akin history add played FILE`. Playlists leave out what was played with \
      `akin playlist … --exclude-played 30d`; ratings are a filter, `--rating 4-`.
      """,
    subcommands: [Add.self, List.self, Undo.self], defaultSubcommand: List.self)

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Records what was done with songs.")

    @Argument(help: ArgumentHelp("played, skipped, liked, disliked, rating, oddOneOut or together.", valueName: "kind"))
    var kind: String
    @Argument(
      help: ArgumentHelp(
        "Indexed songs, one by one: files, titles, or words. With oddOneOut three, the odd one first.",
        valueName: "song"))
    var songs: [String]
    @Option(help: ArgumentHelp("With rating: 1 to 5, or 0 to take a rating away.", valueName: "number"))
    var stars: Double?
    @Option(help: ArgumentHelp("Who says so, such as the name of a player.", valueName: "name"))
    var source = "akin"
    @OptionGroup var library: LibraryOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      guard let kind = Event.Kind(rawValue: kind) else {
        throw ValidationError("“\(kind)” is none of \(Event.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      if (kind == .rating) != (stars != nil) {
        throw ValidationError("--stars goes with rating, and rating with --stars.")
      }
      if kind == .oddOneOut, songs.count != 3 {
        throw ValidationError("oddOneOut is about three songs, the odd one first.")
      }
      if kind == .together, songs.count < 2 { throw ValidationError("together is about two songs or more.") }
      if let stars, !(0...5).contains(stars) { throw ValidationError("--stars must lie between 0 and 5.") }
    }

    func run() throws {
      guard let kind = Event.Kind(rawValue: kind) else { return }
      let catalogue = try library.openRequiredToWrite()
      let list = BlockList(catalogue)
      let ids = try songs.map { try list.song(named: $0).id }
      let id = try catalogue.record(
        kind, songs: ids, value: stars, source: source, time: Date().timeIntervalSince1970)
      output.terminal.note("recorded as event \(id); akin history undo \(id) takes it back")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Prints what was recorded, the latest first.")

    @Option(
      help: ArgumentHelp(
        "Only what was recorded since a date (2026-01-31) or for so long (12h, 30d, 8w).", valueName: "since"))
    var since: String?
    @OptionGroup var library: LibraryOptions
    @OptionGroup var output: OutputOptions

    private struct Entry: Encodable {
      var id: Int64
      var time, kind, source: String
      var value: Double?
      var songs: [String]
    }

    func validate() throws { if let since { _ = try PlayedSince(since, option: "--since") } }

    func run() throws {
      let catalogue = try library.openNamed()
      let begin = try since.map { try PlayedSince($0, option: "--since").date.timeIntervalSince1970 } ?? -.infinity
      let events = try catalogue?.events(since: begin) ?? []
      let tracks = try catalogue?.tracks(ids: Set(events.flatMap(\.songs))) ?? [:]
      let format = ISO8601DateFormatter()
      let entries = events.reversed().map { event in
        Entry(
          id: event.id, time: format.string(from: Date(timeIntervalSince1970: event.time)), kind: event.kind.rawValue,
          source: event.source, value: event.value, songs: event.songs.compactMap { tracks[$0]?.path })
      }
      if output.json { return StandardOutput.write(JSON.text(entries, pretty: true)) }
      guard !entries.isEmpty else { return output.terminal.note("nothing was recorded") }
      var table = Table(
        header: ["event", "time", "kind", "source", "songs"], alignments: [.right, .left, .left, .left, .path])
      for entry in entries {
        let value = entry.value.map { " " + decimal($0, 1) } ?? ""
        table.add([
          "\(entry.id)", entry.time, entry.kind + value, entry.source,
          entry.songs.map(shownPath).joined(separator: ", "),
        ])
      }
      StandardOutput.write(table.text)
    }
  }

  struct Undo: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "undo", abstract: "Takes an event back.")

    @Argument(help: ArgumentHelp("Its number, as the list has it.", valueName: "event"))
    var event: Int64
    @OptionGroup var library: LibraryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let isDone =
        try library.openNamed() != nil
        && library.open().undo(event: event, time: Date().timeIntervalSince1970)
      guard isDone else { throw LibraryError.noSuchEvent(event) }
    }
  }
}
