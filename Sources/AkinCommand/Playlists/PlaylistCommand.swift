import ArgumentParser
import Catalogue
import Files
import Foundation
import MusicLibrary

struct PlaylistCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "playlist", abstract: "A playlist from songs, artists, albums or genres, or a path between songs.",
    discussion: """
      From seeds, the nearest songs: no recording twice, at most three songs of an artist and not two in a row unless \
      there are too few others (--per-artist, --per-album and --in-a-row set hard limits). With --from and --to, a path \
      in small steps from one song to another, through each --via: the table shows how alike each song is to the first, \
      to the one before and to the last.

      \(PlaylistFileOptions.discussion)
      """)

  @OptionGroup var seeds: SeedOptions

  @Option(help: ArgumentHelp("Where a path begins: a seed, as above.", valueName: "seed"))
  var from: String?
  @Option(help: ArgumentHelp("Where a path passes through; may be given several times.", valueName: "seed"))
  var via: [String] = []
  @Option(help: ArgumentHelp("Where a path ends.", valueName: "seed"))
  var to: String?

  @OptionGroup var length: LengthOptions

  @Option(
    help: ArgumentHelp(
      """
      Leave out what was played: the songs of a playlist file, or what was recorded as played since a date \
      (2026-01-31) or for so long (12h, 30d, 8w).
      """, valueName: "file|since"))
  var excludePlayed: [String] = []

  @Option(
    help: ArgumentHelp(
      "Add to an M3U playlist that exists: its songs are seeds, and the new ones come after them.", valueName: "file"))
  var extend: String?

  @Flag(help: ReasonHelp.text)
  var why = false

  @OptionGroup(title: "Filters") var filters: FilterOptions
  @OptionGroup(title: "Diversity") var diversity: DiversityOptions
  @OptionGroup var file: PlaylistFileOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    let seedCount = try seeds.named().count
    switch (from, to) {
    case (nil, nil):
      if !via.isEmpty { throw ValidationError("--via goes with --from and --to.") }
      if seedCount == 0 && extend == nil {
        throw ValidationError(
          "Name a seed: a song, an artist, an album, a genre; or the ends of a path, --from and --to.")
      }
    case (.some, .some):
      if seedCount > 0 || extend != nil {
        throw ValidationError("A path has --from, --via and --to, and no other seeds.")
      }
      if !seeds.unlike.isEmpty { throw ValidationError("--unlike does not go with a path.") }
      if diversity.variety > 0 || diversity.surprise > 0 {
        throw ValidationError("--variety and --surprise do not go with a path.")
      }
      if filters.atLeast != nil { throw ValidationError("--at-least does not go with a path.") }
    default: throw ValidationError("A path needs both --from and --to.")
    }
    if from != nil, let count = length.count, count < 2 + via.count {
      throw ValidationError("A path through \(2 + via.count) songs has at least \(2 + via.count): see --count.")
    }
    if output.json && file.printsPlaylist { throw ValidationError("Print either --json or --m3u -.") }
    if extend != nil && (file.m3u != nil || file.xspf != nil) {
      throw ValidationError("--extend writes the playlist that it names: give no --m3u and no --xspf.")
    }
    if let extend, Playlist.Format(path: extend) != .m3u { throw ValidationError("--extend takes an M3U playlist.") }
    for text in excludePlayed where Playlist.Format(path: text) == nil {
      _ = try PlayedSince(text, option: "--exclude-played")
    }
  }

  func run() throws {
    let question = try PlaylistQuestion(model: model, library: library, output: output, file: file)
    var request = try request()
    request.excluded = try played(in: question)
    if let extend {
      let list = try question.recommender.listedSongs(inPlaylist: extend)
      request.before = list.songs
      // Other seeds may begin a list that is empty as yet.
      if !list.isEmpty || request.like.isEmpty {
        request.like.append(Seed.Name(extend, kind: .playlist))
      } else if let note = list.note {
        output.terminal.note("\(extend): \(note)")
      }
    }
    let answer = try question.recommender.playlist(request)
    if let extend, !answer.songs.isEmpty {
      try Playlist.append(answer.songs.map(\.track), toM3U: extend)
    }
    try question.show(answer, emptiness: filters.emptiness, why: why, extended: extend)
    if !answer.songs.isEmpty, let note = shortfall(answer) { output.terminal.note(note) }
  }

  /// What the options ask for.
  private func request() throws -> PlaylistRequest {
    let stations = [from].compactMap(\.self) + via + [to].compactMap(\.self)
    return PlaylistRequest(
      like: try seeds.named(), unlike: seeds.unlikeNamed, stations: stations.map { Seed.Name($0) },
      length: length.length, filter: try filters.filter(), weights: try seeds.soundWeights(),
      leastSimilarity: filters.atLeast,
      diversity: diversity.diversity(otherwise: .ofPlaylists),
      includesSeeds: seeds.withSeeds, randomSeed: diversity.randomSeed)
  }

  private func played(in question: PlaylistQuestion) throws -> Set<TrackID> {
    var played: Set<TrackID> = []
    for text in excludePlayed {
      if Playlist.Format(path: text) != nil {
        let list = try question.recommender.listedSongs(inPlaylist: text)
        if let note = list.note { output.terminal.note("\(text): \(note)") }
        played.formUnion(list.songs)
      } else {
        let since = try PlayedSince(text, option: "--exclude-played").date
        for event in try question.catalogue.events([.played], since: since.timeIntervalSince1970) {
          played.formUnion(event.songs)
        }
      }
    }
    return played
  }

  private func shortfall(_ answer: PlaylistAnswer) -> String? {
    let text = "\(counted(answer.songs.count, "song")), \(ClockTime.text(answer.seconds))"
    if let minutes = length.minutes {
      return answer.seconds < minutes * 60 - 600 ? "\(text): there are no more that may be in it" : text
    }
    let wanted = length.count ?? 20
    return answer.songs.count < wanted ? "\(text): there are no more that may be in it" : text
  }
}

/// A moment up to now: a date, or how long ago.
struct PlayedSince {
  let date: Date

  init(_ text: String, option: String) throws {
    let units: [Character: Double] = ["h": 3600, "d": 86_400, "w": 7 * 86_400]
    if let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()), number >= 0, number < 1e6 {
      date = Date(timeIntervalSinceNow: -number * unit)
      return
    }
    let parts = text.split(separator: "-").compactMap { Int($0) }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .current
    guard parts.count == 3, text.split(separator: "-", omittingEmptySubsequences: false).count == 3,
      let date = calendar.date(from: DateComponents(year: parts[0], month: parts[1], day: parts[2])),
      calendar.dateComponents([.year, .month, .day], from: date)
        == DateComponents(year: parts[0], month: parts[1], day: parts[2])
    else {
      let what = option == "--exclude-played" ? "neither a playlist nor a time" : "no time"
      throw ValidationError("“\(text)” for \(option) is \(what): write 12h, 30d, 8w or 2026-01-31.")
    }
    self.date = date
  }
}
