/// The songs of each label, both in ascending order, which does not depend on hashing.
struct LabelGroups {
  /// The indices of the songs with the same label, label after label.
  let songs: [[Int]]

  /// Groups songs by their labels.
  init(_ labels: [Int]) {
    let groups = Dictionary(grouping: labels.indices) { labels[$0] }
    songs = groups.sorted { $0.key < $1.key }.map(\.value)
  }
}
