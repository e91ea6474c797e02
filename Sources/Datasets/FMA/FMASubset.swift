/// FMA's subsets; each is part of the next.
public enum FMASubset: String, CaseIterable, Sendable, Comparable {
  /// 8,000 clips of 30 s in 8 balanced genres.
  case small
  /// 25,000 clips of 30 s in 16 genres.
  case medium
  /// 106,574 clips of 30 s.
  case large
  /// The same songs, whole.
  case full

  /// Whether `right` holds all songs of `left` and more.
  public static func < (left: Self, right: Self) -> Bool {
    let order = allCases
    return order.firstIndex(of: left) ?? 0 < order.firstIndex(of: right) ?? 0
  }

  /// The folder that its archive unpacks to.
  public var folderName: String { "fma_\(rawValue)" }

  /// The clips of `fma_small`, `fma_medium` and `fma_large` that hold no sound, or less than 30 s of it: they were cut
  /// out at the wrong place, since FMA's metadata state a wrong length of the song. The songs of `fma_full` are whole.
  ///
  /// Source: FMA's wiki, "Excerpts shorter than 30s and erroneous audio length metadata", and its issues 8 and 41.
  public static let brokenClips: Set<Int> = [
    1486, 5574, 65753, 80391, 98558, 98559, 98560, 98565, 98566, 98567, 98568, 98569, 98571, 99134, 105247, 108924,
    108925, 126981, 127336, 133297, 143992,
  ]
}
