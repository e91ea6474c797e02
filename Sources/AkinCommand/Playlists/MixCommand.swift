import ArgumentParser
import AudioFiles
import Catalogue
import Files
import Foundation
import MusicLibrary
import Tags

struct MixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mix", abstract: "Playlists that are saved, and written anew in place.",
    discussion: """
      `akin mix save morning "Nick Drake" --file ~/Music/morning.m3u8 -n 30` saves a playlist; `akin mix refresh`, once a \
      day from cron, writes all of them anew, a third of each with other songs.
      """,
    subcommands: [Save.self, Refresh.self, List.self, Remove.self], defaultSubcommand: List.self)

  struct Save: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "save", abstract: "Saves a mix under a name, in the place of one with that name, and writes it.")

    @Argument(help: ArgumentHelp("What it is called.", valueName: "name"))
    var name: String
    @OptionGroup var seeds: SeedOptions
    @Option(help: ArgumentHelp("The playlist that is written, M3U or XSPF by its ending.", valueName: "file"))
    var file: String
    @OptionGroup var length: LengthOptions
    @Option(help: ArgumentHelp("Which share of the songs makes room for others at each refresh.", valueName: "share"))
    var fresh = 0.33
    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Diversity") var diversity: DiversityOptions
    @OptionGroup var overwriting: OverwriteOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var notes: QuietOptions

    func validate() throws {
      if name.isEmpty { throw ValidationError("A mix needs a name.") }
      if try seeds.named().isEmpty { throw ValidationError("Name a seed: a song, an artist, an album or a genre.") }
      if !(0...1).contains(fresh) { throw ValidationError("--fresh must lie between 0 and 1.") }
      guard let format = Playlist.Format(path: file), format != .pls else {
        throw ValidationError("--file must end in .m3u, .m3u8 or .xspf.")
      }
    }

    func run() throws {
      let catalogue = try library.openRequiredToWrite()
      let path = AudioFileWalk.lexicalPath(file)
      try check(path, catalogue.mixes())
      let request = PlaylistRequest(
        like: try seeds.named(), unlike: seeds.unlikeNamed, length: length.length,
        filter: try filters.filter(), weights: try seeds.soundWeights(), leastSimilarity: filters.atLeast,
        diversity: diversity.diversity(otherwise: .ofPlaylists),
        includesSeeds: seeds.withSeeds, randomSeed: diversity.randomSeed)
      var mix = SavedMix(name: name, request: request.withAbsolutePaths, fresh: fresh, file: path)
      try MixCommand.refresh(
        &mix, catalogue: catalogue, model: model, notes: notes.terminal, overwriting: overwriting)
    }

    /// Refuses a playlist that is another mix's, or that somebody else made: each refresh would replace it.
    private func check(_ path: String, _ mixes: [Catalogue.Mix]) throws(FileError) {
      if let other = mixes.first(where: { $0.file == path && $0.name != name }) {
        throw FileError(
          path: file, reason: "it is the playlist of the mix “\(other.name)”", remedy: "Name another file.")
      }
      let isOurs = mixes.contains { $0.file == path }
      if !isOurs, !overwriting.force, FileManager.default.fileExists(atPath: path) {
        throw FileError(
          path: file, reason: "it is there already", remedy: "Name another file, or overwrite it with --force.")
      }
      try overwriting.check(file, is: .playlist)
    }
  }

  struct Refresh: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "refresh", abstract: "Writes mixes anew, in place.")

    @Argument(help: ArgumentHelp("Which; all if none is named.", valueName: "name"))
    var names: [String] = []
    @OptionGroup var overwriting: OverwriteOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var library: LibraryOptions
    @OptionGroup var notes: QuietOptions

    func run() throws {
      guard try library.openNamed() != nil else { return try refreshNone() }
      let catalogue = try library.open()
      let all = try catalogue.mixes()
      for name in names where !all.contains(where: { $0.name == name }) { throw unknownMix(name, among: all) }
      if all.isEmpty { return try refreshNone() }
      var hasFailed = false
      for stored in all where names.isEmpty || names.contains(stored.name) {
        do {
          var mix = try SavedMix(stored, library: catalogue.path)
          try MixCommand.refresh(
            &mix, catalogue: catalogue, model: model, notes: notes.terminal, overwriting: overwriting)
        } catch {
          // One mix whose artist is gone does not keep the others from being written.
          hasFailed = true
          notes.terminal.warn(
            "the mix “\(stored.name)” was not written: \(FailureText.text(of: error, otherwise: "\(error)"))")
        }
      }
      if hasFailed { throw ExitCode.doneInPart }
    }

    private func refreshNone() throws {
      if let name = names.first { throw unknownMix(name, among: []) }
      notes.terminal.note("no mix is saved: see akin mix save --help")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Prints the mixes that are saved.")

    @OptionGroup var library: LibraryOptions
    @OptionGroup var output: OutputOptions

    private struct Entry: Encodable {
      var name, file: String
      var songs: Int
      var refreshed: String?
      var request: String
    }

    func run() throws {
      let format = ISO8601DateFormatter()
      let entries = try (library.openNamed()?.mixes() ?? []).map { mix in
        Entry(
          name: mix.name, file: mix.file, songs: mix.songs.count,
          refreshed: mix.refreshed.map { format.string(from: Date(timeIntervalSince1970: $0)) }, request: mix.request)
      }
      if output.json { return StandardOutput.write(JSON.text(entries, pretty: true)) }
      guard !entries.isEmpty else { return output.terminal.note("no mix is saved: see akin mix save --help") }
      var table = Table(header: ["mix", "songs", "refreshed", "file"], alignments: [.left, .right, .left, .path])
      for entry in entries { table.add([entry.name, "\(entry.songs)", entry.refreshed ?? "–", shownPath(entry.file)]) }
      StandardOutput.write(table.text)
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Forgets a mix; its playlist stays.")

    @Argument(help: ArgumentHelp("Its name.", valueName: "name"))
    var name: String
    @OptionGroup var library: LibraryOptions

    func run() throws {
      guard try library.openNamed() != nil else { throw unknownMix(name, among: []) }
      let catalogue = try library.open()
      guard try catalogue.removeMix(named: name) else { throw unknownMix(name, among: try catalogue.mixes()) }
    }
  }

  /// Writes a mix, and then stores what was written.
  private static func refresh(
    _ mix: inout SavedMix, catalogue: Catalogue, model: ModelOptions, notes: Terminal,
    overwriting force: OverwriteOptions
  ) throws {
    let model = try model.chooseAnswering(catalogue: catalogue, terminal: notes)
    let recommender = try Recommender(catalogue: catalogue, model: model) { notes.warn($0) }
    let answer = try mix.refresh(with: recommender, at: Date().timeIntervalSince1970)
    notes.note(answer.like, as: "like")
    notes.note(answer.unlike, as: "unlike")
    notes.note(answer.filtered, isEmpty: answer.songs.isEmpty)
    let playlist = Playlist(tracks: answer.songs.map(\.track))
    let isXSPF = Playlist.Format(path: mix.file) == .xspf
    let m3u = playlist.extendedM3U()
    let text = isXSPF ? playlist.xspf(title: mix.name) : m3u.text
    if answer.songs.isEmpty {
      let least = mix.request.leastSimilarity.map { " that has a similarity of \($0) or more" } ?? ""
      throw FileError(
        path: mix.file, reason: "no song is left for it\(least)\(answer.filtered.unmetText)",
        remedy: "Nothing was written; `akin mix save` saves the mix with other filters.")
    }
    try force.write(Data(text.utf8), to: mix.file, as: .playlist)
    try catalogue.store(mix.stored)
    if !isXSPF {
      for track in m3u.omitted {
        notes.warn("left out of the playlist: \(shownPath(track.path)), since its path has an end of a line")
      }
    }
    notes.note(
      "\(mix.name): \(counted(answer.songs.count, "song")), \(ClockTime.text(answer.seconds)), in \(shownPath(mix.file))"
    )
  }
}

private func unknownMix(_ name: String, among mixes: [Catalogue.Mix]) -> LibraryError {
  .unknownName(name, kind: "mix", near: Spelling.near(name, among: mixes.map(\.name)))
}
