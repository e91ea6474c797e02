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
    for (word, seeds) in [("like", answer.like), ("unlike", answer.unlike), ("path", answer.stations)] {
      for seed in seeds where !seed.isPath { notes.note("\(word): \(Self.text(seed))") }
    }
    for (clause, near) in answer.unmet {
      let names = near.isEmpty ? "" : "; it has " + near.map { "“\(visible($0))”" }.joined(separator: ", ")
      notes.note("no song of the library is of the \(visible("\(clause)"))\(names)")
    }
    if !answer.removed.isEmpty {
      let parts = answer.removed.map { "\($0.count) \($0.reason)" }.joined(separator: ", ")
      notes.note("left out: \(parts); \(counted(answer.left, "song")) left")
    }
    if answer.notMeasured > 0 {
      notes.note(
        "\(counted(answer.notMeasured, "song")) not measured yet, of no known tempo or loudness: run `akin index`")
    }
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
      notes.note(emptiness ?? (answer.removed.isEmpty ? "the library holds no other song" : "no song is left"))
    }
  }

  /// Prints artists or albums.
  func showGroups(
    _ kind: Recommender.GroupKind, like names: [Seed.Name], count: Int, _ filter: TrackFilter,
    _ weights: SoundWeights?
  ) throws {
    let (groups, like) = try recommender.groups(kind, like: names, count: count, filter: filter, weights: weights)
    for seed in like where !seed.isPath { output.terminal.note("like: \(Self.text(seed))") }
    if output.json { return StandardOutput.write(JSON.text(groups, pretty: true)) }
    guard !groups.isEmpty else { return output.terminal.note("the library holds no other \(kind.rawValue)") }
    var table = Table(
      header: ["", "similarity", kind.rawValue, "songs"], alignments: [.right, .right, .left, .right])
    for (index, group) in groups.enumerated() {
      table.add(["\(index + 1)", decimal(Double(group.similarity), 3), group.name, "\(group.songCount)"])
    }
    StandardOutput.write(table.text)
  }

  static func text(_ seed: Seed) -> String {
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
