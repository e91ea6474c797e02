import Catalogue
import MusicLibrary
import Tags

/// Recommended songs as a table; those of a path with their steps.
enum SongTable {
  static func text(of songs: [Recommendation]) -> String {
    let isPath = songs.contains { $0.pathPlace != nil }
    let numbers = ["", isPath ? "to start" : "similarity"] + (isPath ? ["step", "to end"] : [])
    let isExplained = songs.contains { $0.reason != nil }
    let texts = ["artist", "title", "album", "file"] + (isExplained ? ["why"] : [])
    var table = Table(
      header: numbers + texts,
      alignments: numbers.map { _ in Table.Alignment.right } + texts.map { $0 == "file" ? .path : .left })
    for (index, song) in songs.enumerated() {
      var row = ["\(index + 1)", decimal(Double(song.similarity), 3)]
      if isPath {
        row.append(song.pathPlace?.step.map { decimal(Double($0), 3) } ?? "")
        row.append(song.pathPlace.map { decimal(Double($0.toEnd), 3) } ?? "")
      }
      let tags = song.track.tags
      row += [shortened(tags.artist), shortened(tags.title), shortened(tags.album), shownPath(song.track.path)]
      if isExplained { row.append(song.reason?.summary ?? "") }
      table.add(row)
    }
    return table.text
  }

  static func shortened(_ text: String?) -> String {
    guard let text = text.map({ visible($0) }) else { return "–" }
    return text.count > 36 ? text.prefix(35) + "…" : text
  }
}
