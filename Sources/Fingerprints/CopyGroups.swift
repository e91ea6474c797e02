/// Puts pairs of copies together into groups, each around one song of which all others are copies.
///
/// Groups do not chain: a mix of two songs is like both, and a song that is between two others is like either, but those
/// are not one recording for that. So any two of a group were found to be copies, or each is so near the song in the
/// middle that they cannot be far from each other.
public enum CopyGroups {
  /// Two numbers that are copies, and the share of their bits that differ.
  public typealias Pair = (first: Int, second: Int, errorRate: Double)

  /// If two songs' error rates to the one in the middle make no more than this, their own is no larger, where all three
  /// lie over each other: far less than the 0.45 of two different songs.
  private static let largestWay = 0.25

  /// Groups of two numbers or more, without any number twice: those around the song with the most copies first; the
  /// numbers of a group ascend.
  public static func groups(of pairs: some Sequence<Pair>) -> [[Int]] {
    var copies: [Int: [Int: Double]] = [:]
    for pair in pairs {
      copies[pair.first, default: [:]][pair.second] = pair.errorRate
      copies[pair.second, default: [:]][pair.first] = pair.errorRate
    }
    var taken: Set<Int> = []
    var groups: [[Int]] = []
    // How many free copies a song has only falls as others are taken: who comes to the front with an old number is put
    // back.
    var waiting: [Int: [Int]] = [:]
    for (song, others) in copies { waiting[others.count, default: []].append(song) }
    var count = waiting.keys.max() ?? 0
    while count > 0 {
      guard let songs = waiting.removeValue(forKey: count) else {
        count -= 1
        continue
      }
      for song in songs.sorted() where !taken.contains(song) {
        let free = copies[song, default: [:]].filter { !taken.contains($0.key) }
        if free.count < count {
          waiting[free.count, default: []].append(song)
        } else {
          let group = group(around: song, of: free, copies)
          taken.formUnion(group)
          groups.append(group.sorted())
        }
      }
    }
    return groups
  }

  /// A song and those of its copies that go with each other, the nearest first.
  private static func group(around song: Int, of free: [Int: Double], _ copies: [Int: [Int: Double]]) -> [Int] {
    var members: [(number: Int, way: Double)] = []
    for (number, way) in free.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
      let fits = members.allSatisfy { member in
        copies[number]?[member.number] != nil || way + member.way <= largestWay
      }
      if fits { members.append((number, way)) }
    }
    return [song] + members.map(\.number)
  }
}
