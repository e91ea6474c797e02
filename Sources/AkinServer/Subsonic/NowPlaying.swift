import Catalogue
import Foundation
import Synchronization

/// What players say that they are playing; nothing of it is kept.
final class NowPlaying: Sendable {
  struct Entry: Sendable {
    let user, client: String
    let song: TrackID
    let began: Date
    /// A number for each player.
    let player: Int

    var minutesAgo: Int { max(0, Int(Date().timeIntervalSince(began) / 60)) }
  }

  private let known = Mutex<(entries: [Entry], players: Int)>(([], 0))
  /// How long a player is taken to play what it said last, in seconds.
  private static let patience = 1200.0
  private static let mostPlayers = 1000

  /// The last song of each player.
  var entries: [Entry] {
    known.withLock { $0.entries }.filter { Date().timeIntervalSince($0.began) < Self.patience }
  }

  func begin(_ song: TrackID, user: String, client: String) {
    known.withLock { known in
      let place = known.entries.firstIndex { $0.user == user && $0.client == client }
      let old = place.map { known.entries.remove(at: $0) }
      if old == nil { known.players += 1 }
      known.entries.append(
        Entry(user: user, client: client, song: song, began: Date(), player: old?.player ?? known.players))
      if known.entries.count > Self.mostPlayers { known.entries.removeFirst() }
    }
  }
}
