import Foundation

/// Groups songs into classes as the paper does (2.1): songs that share at least two of artist, album, genre and
/// sub-genre belong together. Names are compared as `SongLabels` does; albums are the same if they also share the
/// artist or the folder.
///
/// If that rule were applied in chains (A like B and B like C, so A like C), it would join whole genres. So each class
/// is a group whose songs *all* share the *same two* labels, and it is named after these. A song may fit several
/// groups; it goes into the one that makes the largest class.
///
/// Classes are chosen greedily among the groups of at most `largest` songs, not counting songs that already have a
/// class: the largest group first; of equally large ones that with the more telling pair of labels; then the one whose
/// first song comes first in the manifest. If only larger groups are left, the one with the most telling pair of
/// labels, and the smallest of these, makes a class of `largest` songs, spread evenly over the manifest. Nothing is
/// drawn at random. O(n log n) for n songs.
public struct SongGrouping: Sendable, Hashable {
  /// The least number of songs in a class.
  public let smallest: Int
  /// The greatest number of songs in a class.
  public let largest: Int
  /// The greatest number of classes; the largest are kept. Nil for all.
  public let classCount: Int?

  /// Why a song has no class.
  public enum Reason: String, CaseIterable, Sendable {
    /// It has fewer than two labels.
    case fewLabels
    /// It shares two labels with too few of the songs that no other class has taken.
    case smallGroup
    /// Its group has more songs than a class may have.
    case largeGroup
    /// Its class is too small to be among those that were asked for.
    case manyClasses
  }

  /// The classified manifest, and the songs that need attention.
  public struct Result: Sendable {
    /// All songs of the manifest; `className` is empty if a song is left out.
    public var manifest: Manifest
    /// The indices of the songs that are left out, by reason.
    public var leftOut: [Reason: [Int]] = [:]
    /// The indices of songs that also share two labels with a song of another class: worth checking by hand.
    public var ambiguous: [Int] = []

    /// The manifest without the songs that are left out.
    public var classified: Manifest {
      manifest.selecting(manifest.songs.indices.filter { !manifest.songs[$0].className.isEmpty })
    }
  }

  /// Classes of `smallest...largest` songs, `smallest` being 1 or more.
  public init(smallest: Int = 10, largest: Int = 100, classCount: Int? = nil) {
    precondition((1...largest).contains(smallest), "classes of \(smallest)...\(largest) songs")
    self.smallest = smallest
    self.largest = largest
    self.classCount = classCount
  }

  /// Groups the songs; what `className` held before is lost.
  public func group(_ manifest: Manifest) -> Result {
    let shared = SharedLabels(manifest)
    var draft = Draft(shared, smallest: smallest, largest: largest)
    draft.run()
    var kept = draft.classes.indices.sorted {
      (draft.classes[$1].songs.count, $0) < (draft.classes[$0].songs.count, $1)
    }
    kept = Array(kept.prefix(classCount ?? kept.count)).sorted()
    var result = Result(manifest: manifest)
    for index in manifest.songs.indices { result.manifest.songs[index].className = "" }
    for (index, name) in zip(kept, names(of: kept.map { draft.classes[$0].group }, shared, manifest.songs)) {
      for song in draft.classes[index].songs { result.manifest.songs[song].className = name }
    }
    let classified = Set(draft.classes.flatMap(\.songs))
    for (index, song) in result.manifest.songs.enumerated() where song.className.isEmpty {
      let reason: Reason =
        if classified.contains(index) { .manyClasses } else if draft.overflow.contains(index) {
          .largeGroup
        } else if shared.groupsOfSong[index].isEmpty { .fewLabels } else { .smallGroup }
      result.leftOut[reason, default: []].append(index)
    }
    result.ambiguous = ambiguous(result.manifest.songs, shared)
    return result
  }

  /// Numbers equal names: an artist and an album, for example, may be called the same.
  private func names(of groups: [Int], _ shared: SharedLabels, _ songs: [Manifest.Song]) -> [String] {
    var seen: [String: Int] = [:]
    return groups.map { group in
      let name = shared.name(of: group, in: songs)
      seen[name, default: 0] += 1
      return seen[name] == 1 ? name : "\(name) (\(seen[name] ?? 0))"
    }
  }

  private func ambiguous(_ songs: [Manifest.Song], _ shared: SharedLabels) -> [Int] {
    var found: Set<Int> = []
    for group in shared.groups {
      let members = group.songs.filter { !songs[$0].className.isEmpty }
      guard let first = members.first else { continue }
      if members.contains(where: { songs[$0].className != songs[first].className }) { found.formUnion(members) }
    }
    return found.sorted()
  }
}

/// The classes while they are being chosen, group by group.
private struct Draft {
  private(set) var classes: [(group: Int, songs: [Int])] = []
  /// Songs of groups that were too large, which the group's class left out.
  private(set) var overflow: Set<Int> = []

  private let shared: SharedLabels
  private let smallest: Int
  private let largest: Int
  /// The number of songs of each group that are not taken.
  private var counts: [Int]
  private var isTaken: [Bool]
  private var queue = GroupQueue()

  init(_ shared: SharedLabels, smallest: Int, largest: Int) {
    self.shared = shared
    self.smallest = smallest
    self.largest = largest
    counts = shared.groups.map(\.songs.count)
    isTaken = [Bool](repeating: false, count: shared.groupsOfSong.count)
  }

  mutating func run() {
    for group in counts.indices { enter(group) }
    let oversized = counts.indices.filter { counts[$0] > largest }.sorted { one, other in
      (shared.groups[one].pair, counts[one], one) < (shared.groups[other].pair, counts[other], other)
    }
    takeAll()
    for group in oversized where counts[group] > largest {
      take(group)
      takeAll()
    }
  }

  private mutating func enter(_ group: Int) {
    guard (smallest...largest).contains(counts[group]) else { return }
    queue.insert(.init(count: counts[group], rank: shared.groups[group].pair, group: group))
  }

  private mutating func takeAll() {
    while let entry = queue.next() {
      if counts[entry.group] == entry.count { take(entry.group) } else { enter(entry.group) }
    }
  }

  private mutating func take(_ group: Int) {
    let free = shared.groups[group].songs.filter { !isTaken[$0] }
    var songs = free
    if free.count > largest {
      songs = (0..<largest).map { free[$0 * free.count / largest] }
      overflow.formUnion(Set(free).subtracting(songs))
    }
    classes.append((group, songs))
    for song in free {
      isTaken[song] = true
      for other in shared.groupsOfSong[song] {
        counts[other] -= 1
        // An oversized group whose songs others took may have become small enough.
        if counts[other] == largest { enter(other) }
      }
    }
  }
}
