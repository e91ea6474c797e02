import Catalogue
import Tags

/// Counts what a list repeats, and says what may come next.
struct RepeatLimits {
  private let diversity: Diversity
  private var artists: [String: Int] = [:]
  private var albums: [String: Int] = [:]
  private var lastArtists: [[String]] = []

  init(_ diversity: Diversity) { self.diversity = diversity }

  /// Whether a track may come next.
  func allow(_ track: Track) -> Bool {
    let keys = track.artistKeys
    if let most = diversity.perArtist, keys.contains(where: { artists[$0, default: 0] >= most }) { return false }
    if let most = diversity.perAlbum, let album = track.albumKey, albums[album, default: 0] >= most { return false }
    if let gap = diversity.artistGap, lastArtists.suffix(gap).contains(where: { $0.contains(where: keys.contains) }) {
      return false
    }
    guard let most = diversity.artistInARow, lastArtists.count >= most else { return true }
    return !keys.contains { key in lastArtists.suffix(most).allSatisfy { $0.contains(key) } }
  }

  mutating func add(_ track: Track) {
    count(track)
    follow(track)
  }

  /// Counts a track for the limits on the whole list.
  mutating func count(_ track: Track) {
    for key in track.artistKeys { artists[key, default: 0] += 1 }
    if let album = track.albumKey { albums[album, default: 0] += 1 }
  }

  /// Notes that a track comes next.
  mutating func follow(_ track: Track) { lastArtists.append(track.artistKeys) }
}
