import Catalogue
import NearestNeighbors
import SearchSpaces

/// Which songs are one recording: those that `akin duplicates` found to be copies, and those with equal vectors.
struct Recordings: Sendable {
  private let ids: [TrackID]
  private let row: @Sendable (TrackID) -> Int?
  /// Of each row a number that the rows of one recording have in common.
  let marks: [UInt64]

  init(of songs: SongIndex<TrackID>, in catalogue: Catalogue) throws(CatalogueError) {
    (ids, row) = (songs.index.ids, { songs.row(of: $0) })
    var marks = songs.copies.marks.map { $0 | 1 }
    for group in try catalogue.recordings() {
      let rows = group.compactMap(songs.row)
      // All have the mark of the first.
      for row in rows { marks[row] = songs.copies.marks[rows[0]] | 1 }
    }
    self.marks = marks
  }

  /// Songs and all copies of them.
  func withCopies(of songs: Set<TrackID>) -> Set<TrackID> {
    let wanted = Set(songs.compactMap(row).map(recording))
    guard !wanted.isEmpty else { return songs }
    return songs.union(ids.indices.lazy.filter { wanted.contains(marks[$0]) }.map { ids[$0] })
  }

  /// Equal for rows of one recording.
  func recording(_ row: Int) -> UInt64 { marks[row] }
}
