import Catalogue
import NearestNeighbors
import SearchSpaces

/// Which songs are one recording: those that `akin duplicates` found to be copies, and those with equal vectors.
struct Recordings: Sendable {
  private let songs: SongIndex<TrackID>
  /// Of rows that have copies, the row that stands for all of them.
  private var first: [Int: Int] = [:]

  init(of songs: SongIndex<TrackID>, in catalogue: Catalogue) throws(CatalogueError) {
    self.songs = songs
    for group in try catalogue.recordings() {
      let rows = group.compactMap(songs.row)
      for row in rows { first[row] = rows[0] }
    }
  }

  /// Songs and all copies of them.
  func withCopies(of ids: Set<TrackID>) -> Set<TrackID> {
    let wanted = Set(ids.compactMap(songs.row).map(recording))
    guard !wanted.isEmpty else { return ids }
    return ids.union(songs.index.ids.indices.lazy.filter { wanted.contains(recording($0)) }.map { songs.index.ids[$0] })
  }

  /// Equal for rows of one recording.
  func recording(_ row: Int) -> UInt64 { songs.copies.marks[first[row] ?? row] | 1 }
}
