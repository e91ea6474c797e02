import Catalogue
import NearestNeighbors
import SearchSpaces

extension SongIndex<TrackID> {
  /// The row of a track; nil if it has none. O(log count), since rows are in the order of the tracks' numbers.
  func row(of id: TrackID) -> Int? {
    let ids = index.ids
    var (low, high) = (0, ids.count)
    while low < high {
      let middle = (low + high) / 2
      if ids[middle].rawValue < id.rawValue { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low] == id ? low : nil
  }
}
