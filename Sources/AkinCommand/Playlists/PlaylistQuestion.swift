import ArgumentParser
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
    let catalogue = try library.openRequired()
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
  ///   - extended: A playlist that the songs were added to, if there are any.
  /// - Throws: `ExitCode.doneInPart` if no song is left.
  func show(
    _ answer: PlaylistAnswer, emptiness: String? = nil, why: Bool = false, extended: String? = nil
  ) throws {
    let answer = why ? try recommender.explained(answer) : answer
    let notes = output.terminal
    notes.note(answer.like, as: "like")
    notes.note(answer.unlike, as: "unlike")
    notes.note(answer.stations, as: "path")
    notes.note(answer.filtered, isEmpty: answer.songs.isEmpty)
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
      try tellEmpty(
        answer.filtered, emptiness, other: "the library holds no other song", left: "no song is left",
        unwritten: file.files + [extended].compactMap(\.self))
    }
  }

  /// Prints artists or albums.
  ///
  /// - Throws: `ExitCode.doneInPart` if none is left.
  func showGroups(
    _ kind: Recommender.GroupKind, like names: [Seed.Name], count: Int, _ filters: FilterOptions,
    _ weights: SoundWeights?
  ) throws {
    let answer = try recommender.groups(
      kind, like: names, count: count, filter: filters.filter(), leastSimilarity: filters.atLeast, weights: weights)
    output.terminal.note(answer.like, as: "like")
    output.terminal.note(answer.filtered, isEmpty: answer.groups.isEmpty)
    if output.json {
      StandardOutput.write(JSON.text(answer.groups, pretty: true))
    } else if !answer.groups.isEmpty {
      StandardOutput.write(Self.table(of: answer.groups, kind))
    }
    if answer.groups.isEmpty {
      try tellEmpty(
        answer.filtered, filters.atLeast.map { "no \(kind.rawValue) has a similarity of \($0) or more" },
        other: "the library holds no other \(kind.rawValue)", left: "no \(kind.rawValue) is left")
    }
  }

  /// Says once why an answer is empty, and that playlists were not written: a filter with a typing error must neither
  /// empty one nor look like success. That the library holds nothing else is an answer like any other.
  private func tellEmpty(
    _ filtered: FilterEffect, _ emptiness: String?, other: String, left: String, unwritten: [String] = []
  ) throws {
    let isFiltered = !filtered.removed.isEmpty || emptiness != nil
    let reason = !filtered.unmet.isEmpty ? left : emptiness ?? (isFiltered ? left : other)
    let files = unwritten.map(shownPath).joined(separator: " and ")
    let unwrittenText = files.isEmpty ? "" : "; \(files) \(unwritten.count == 1 ? "was" : "were") not written"
    let text = reason + filtered.unmetText + unwrittenText
    guard isFiltered || !files.isEmpty else { return output.terminal.note(text) }
    output.terminal.warn(text)
    throw ExitCode.doneInPart
  }

  private static func table(of groups: [GroupRecommendation], _ kind: Recommender.GroupKind) -> String {
    var table = Table(
      header: ["", "similarity", kind.rawValue, "songs"], alignments: [.right, .right, .left, .right])
    for (index, group) in groups.enumerated() {
      table.add(["\(index + 1)", decimal(Double(group.similarity), 3), group.name, "\(group.songCount)"])
    }
    return table.text
  }
}
