extension Manifest {
  /// Removes the songs of classes with fewer than `minimum` songs, and returns the number of these classes and songs.
  /// Songs without a class stay.
  mutating func removeClasses(below minimum: Int) -> (classes: Int, songs: Int) {
    let sizes = Dictionary(grouping: songs.lazy.map(\.className).filter { !$0.isEmpty }, by: \.self).mapValues(\.count)
    let small = sizes.filter { $0.value < minimum }
    songs.removeAll { small[$0.className] != nil }
    return (small.count, small.values.reduce(0, +))
  }
}
