/// Finds pairs of songs that hold the same sound, without comparing every song with every other.
///
/// Two frames with the same bits vote for their songs, at their distance in time. If a pair of songs gets several votes
/// for one distance, the whole overlap is compared at that distance.
struct DuplicateSearch {
  /// Two songs with the same sound.
  struct Match: Hashable {
    /// The song that comes first in the manifest.
    var first: Int
    var second: Int
    /// See `SoundFingerprint.similarity`.
    var similarity: Double
    /// How much later the second song begins, in frames: its frame 0 is frame `shift` of the first.
    var shift: Int
    /// The number of frames in common.
    var overlap: Int
  }

  /// The least similarity of two songs that count as the same recording. Measured on 26 songs in 11 encodings each,
  /// down to Opus at 24 kbit/s, an encoding has at least 0.65 to its original; of 880 different songs, no two reach
  /// 0.12.
  var threshold = 0.4
  /// The least share of the shorter song that both must have in common, and the least number of frames.
  var leastOverlap = (part: 0.5, frames: 64)

  /// Frames that many songs have in common, such as those of loops and plain tones, vote only for songs that are close
  /// in the manifest: votes for all pairs would take quadratic time.
  private static let mostSongsPerFrame = 12
  private static let neighbours = 3
  /// The number of votes for one distance that makes a pair worth comparing.
  private static let leastVotes = 2

  /// All pairs, ascending. Songs without a fingerprint have an empty one.
  func matches(in songs: [SoundFingerprint]) -> [Match] {
    var matches: [Match] = []
    var best: Match?
    // Candidates are sorted by pair and then shift.
    for (pair, shift) in candidates(in: songs) {
      if let last = best, (last.first, last.second) != pair {
        matches.append(last)
        best = nil
      }
      for shift in shift - 1...shift + 1 {
        let (value, frames) = songs[pair.0].similarity(to: songs[pair.1], shift: shift)
        let shorter = min(songs[pair.0].frames.count, songs[pair.1].frames.count)
        let wanted = max(leastOverlap.frames, Int(leastOverlap.part * Double(shorter)))
        guard value >= threshold, frames >= min(wanted, shorter), value > best?.similarity ?? 0 else { continue }
        best = Match(first: pair.0, second: pair.1, similarity: value, shift: shift, overlap: frames)
      }
    }
    if let best { matches.append(best) }
    return matches
  }

  private struct Entry {
    var bits: UInt32
    var song: UInt32
    var frame: Int32
  }

  private func candidates(in songs: [SoundFingerprint]) -> [((Int, Int), shift: Int)] {
    var entries: [Entry] = []
    for (song, fingerprint) in songs.enumerated() {
      var last: UInt32 = 0
      for (frame, bits) in fingerprint.frames.enumerated() where bits != last {
        last = bits
        if bits != 0 { entries.append(Entry(bits: bits, song: UInt32(song), frame: Int32(frame))) }
      }
    }
    entries.sort { ($0.bits, $0.song, $0.frame) < ($1.bits, $1.song, $1.frame) }
    // A vote has 24 bits for each song and 16 for the shift, so that it sorts as one number.
    var votes: [UInt64] = []
    var start = 0
    while start < entries.count {
      let end = entries[start...].firstIndex { $0.bits != entries[start].bits } ?? entries.count
      vote(entries[start..<end], &votes)
      start = end
    }
    votes.sort()
    return elect(votes)
  }

  private func vote(_ entries: ArraySlice<Entry>, _ votes: inout [UInt64]) {
    let reach = entries.count <= Self.mostSongsPerFrame ? entries.count : Self.neighbours
    for one in entries.indices {
      for other in entries[one...].dropFirst().prefix(reach).indices where entries[one].song != entries[other].song {
        let shift = UInt64(entries[one].frame - entries[other].frame + 0x8000)
        votes.append(UInt64(entries[one].song) << 40 | UInt64(entries[other].song) << 16 | shift)
      }
    }
  }

  private func elect(_ votes: [UInt64]) -> [((Int, Int), shift: Int)] {
    var elected: [((Int, Int), shift: Int)] = []
    var start = 0
    while start < votes.count {
      // Frames of two encodings can lie up to half a hop apart, so their votes go to two neighbouring shifts.
      var end = start + 1
      while end < votes.count, votes[end] <= votes[start] + 1 { end += 1 }
      if end - start >= Self.leastVotes {
        let vote = votes[start]
        elected.append(((Int(vote >> 40), Int(vote >> 16 & 0xFF_FFFF)), Int(vote & 0xFFFF) - 0x8000))
      }
      start = end
    }
    return elected
  }
}
