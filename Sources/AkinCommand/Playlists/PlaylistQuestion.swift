import AudioFeatures
import Catalogue
import Files
import Foundation
import MusicLibrary
import SongModels

/// A library that is asked for songs, and how its answer is shown: what `akin similar`, `akin playlist` and `akin mix`
/// share.
struct PlaylistQuestion {
  let catalogue: Catalogue
  let recommender: Recommender
  private let output: OutputOptions
  private let file: PlaylistFileOptions

  init(model: ModelOptions, library: LibraryOptions, output: OutputOptions, file: PlaylistFileOptions) throws {
    let catalogue = try library.openToAsk(model)
    try file.check(library: catalogue.path)
    let terminal = output.terminal
    self.catalogue = catalogue
    let model = try model.chooseAnswering(catalogue: catalogue, terminal: terminal)
    recommender = try Recommender(catalogue: catalogue, model: model) { terminal.warn($0) }
    self.output = output
    self.file = file
  }

  /// Prints the songs, or writes them as a playlist, and says what names were taken for and what filters removed.
  ///
  /// - Parameters:
  ///   - emptiness: Why there may be no song, if it is not for want of others.
  ///   - why: Whether to tell what each song shares with what it was recommended for.
  func show(_ answer: PlaylistAnswer, emptiness: String? = nil, why: Bool = false) throws {
    let answer = why ? try recommender.explained(answer) : answer
    let notes = output.terminal
    note(answer.like, as: "like")
    note(answer.unlike, as: "unlike")
    note(answer.stations, as: "path")
    note(answer.filtered)
    try file.write(answer.songs.map(\.track), notes: notes)
    let gone = answer.songs.count { access($0.track.source.file, F_OK) != 0 && errno == ENOENT }
    if gone > 0 { notes.note("\(gone == 1 ? "1 file is" : "\(gone) files are") not there any more: run `akin index`") }
    if file.printsPlaylist {
      // It was printed.
    } else if output.json {
      StandardOutput.write(JSON.text(answer.songs, pretty: true))
    } else if !answer.songs.isEmpty {
      StandardOutput.write(SongTable.text(of: answer.songs))
    }
    if answer.songs.isEmpty {
      notes.note(emptiness ?? (answer.filtered.removed.isEmpty ? "the library holds no other song" : "no song is left"))
    }
  }

  /// Prints artists or albums.
  func showGroups(
    _ kind: Recommender.GroupKind, like names: [Seed.Name], count: Int, _ filters: FilterOptions,
    _ weights: SoundWeights?
  ) throws {
    let answer = try recommender.groups(
      kind, like: names, count: count, filter: filters.filter(), leastSimilarity: filters.atLeast, weights: weights)
    note(answer.like, as: "like")
    note(answer.filtered)
    if output.json {
      StandardOutput.write(JSON.text(answer.groups, pretty: true))
    } else if !answer.groups.isEmpty {
      StandardOutput.write(Self.table(of: answer.groups, kind))
    }
    if answer.groups.isEmpty {
      let none = filters.atLeast.map { "no \(kind.rawValue) has a similarity of \($0) or more" }
      let (other, left) = ("the library holds no other \(kind.rawValue)", "no \(kind.rawValue) is left")
      output.terminal.note(none ?? (answer.filtered.removed.isEmpty ? other : left))
    }
  }

  private static func table(of groups: [GroupRecommendation], _ kind: Recommender.GroupKind) -> String {
    var table = Table(
      header: ["", "similarity", kind.rawValue, "songs"], alignments: [.right, .right, .left, .right])
    for (index, group) in groups.enumerated() {
      table.add(["\(index + 1)", decimal(Double(group.similarity), 3), group.name, "\(group.songCount)"])
    }
    return table.text
  }

  /// Says what names were taken for.
  private func note(_ seeds: [Seed], as word: String) {
    for seed in seeds where !seed.isPath { output.terminal.note("\(word): \(Self.text(seed))") }
  }

  /// Says what filters left out.
  private func note(_ filtered: FilterEffect) {
    let notes = output.terminal
    for (clause, near) in filtered.unmet {
      let names = near.isEmpty ? "" : "; it has " + near.map { "“\(visible($0))”" }.joined(separator: ", ")
      notes.note("no song of the library is of the \(visible("\(clause)"))\(names)")
    }
    if !filtered.removed.isEmpty {
      let parts = filtered.removed.map { "\($0.count) \($0.reason)" }.joined(separator: ", ")
      notes.note("left out: \(parts); \(counted(filtered.left, "song")) left")
    }
    if filtered.notMeasured > 0 {
      notes.note(
        "\(counted(filtered.notMeasured, "song")) not measured yet, of no known tempo or loudness: run `akin index`")
    }
  }

  private static func text(_ seed: Seed) -> String {
    let weight = seed.weight == 1 ? "" : " × \(decimal(seed.weight, 1))"
    return switch seed.kind {
    case .song: visible(seed.name) + weight
    case .folder, .playlist:
      "\(seed.kind.rawValue) \(shownPath(seed.name)), \(counted(seed.songs.count, "song"))\(weight)"
    case .artist, .album, .genre:
      "\(seed.kind.rawValue) \(visible(seed.name)), \(counted(seed.songs.count, "song"))\(weight)"
    }
  }
}
