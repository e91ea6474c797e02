import AudioFeatures

/// Decides whether two fingerprints are of one recording: laid over each other, nearly all of their bits must agree, at
/// the same speed, with the same colour of sound.
///
/// docs/decisions/duplicates.md says what the limits were measured on.
struct FingerprintComparison {
  let collection: FingerprintCollection

  /// At most this share of the bits may differ.
  static let largestErrorRate = 0.25
  /// In the neighbourhood of a common word, more than this share of different bits shows that it is common by chance.
  private static let largestLocalErrorRate = 0.35
  /// So many words on each side of a common one are its neighbourhood.
  private static let neighbourhood = 8
  /// So many words must lie over each other: 10 s.
  private static let leastOverlap = 108
  /// Or, of fingerprints that are shorter, this share of the shorter one, but at least so many words: 3 s.
  private static let leastShare = 0.75
  private static let leastWords = 32
  /// At the one place that suits both halves of the overlap best, at most so many times as many bits may differ as where
  /// each half fits best by itself.
  private static let largestDrift = 1.06
  /// How far from each other the halves are looked for, in words.
  private static let driftReach = 4
  /// How much the levels of the bands may differ from each other, in dB, apart from loudness.
  static let largestColouration = 2.1
  /// Rows of levels that are quieter than this, in dB below the song's maximum, say little.
  private static let quietest = -65.0

  /// Two stretches of words that lie over each other.
  private struct Overlap {
    var first: Int
    var second: Int
    var count: Int
  }

  /// Whether the words around two equal ones are alike.
  func isPlausible(word first: Int, of one: Int, word second: Int, of other: Int) -> Bool {
    let (a, b) = (collection.wordRange(one), collection.wordRange(other))
    let before = min(Self.neighbourhood, first - a.lowerBound, second - b.lowerBound)
    let after = min(Self.neighbourhood, a.upperBound - first, b.upperBound - second)
    let overlap = Overlap(first: first - before, second: second - before, count: before + after)
    let (differing, compared) = difference(overlap)
    return Double(differing) <= Self.largestLocalErrorRate * Double(compared * 32)
  }

  /// The share of bits that differ if two fingerprints are of one recording, and the `offset`-th word of the one (which
  /// may be negative), or one beside it, is where the other begins; nil if they are not.
  func errorRate(_ one: Int, _ other: Int, offset: Int) -> Double? {
    let candidates = (-1...1).compactMap { shift -> (rate: Double, offset: Int)? in
      overlap(one, other, offset: offset + shift).flatMap(rate).map { ($0, offset + shift) }
    }
    guard let best = candidates.min(by: { $0.rate < $1.rate }), best.rate <= Self.largestErrorRate,
      let overlap = overlap(one, other, offset: best.offset), drift(overlap, one, other) <= Self.largestDrift,
      colouration(one, other, offset: best.offset) <= Self.largestColouration
    else { return nil }
    return best.rate
  }

  // MARK: - Words

  private func overlap(_ one: Int, _ other: Int, offset: Int) -> Overlap? {
    let (a, b) = (collection.wordRange(one), collection.wordRange(other))
    let (first, second) = (a.lowerBound + max(0, offset), b.lowerBound + max(0, -offset))
    let count = min(a.upperBound - first, b.upperBound - second)
    return count > 0 ? Overlap(first: first, second: second, count: count) : nil
  }

  /// The share of bits that differ; nil if too little sound lies over each other.
  private func rate(_ overlap: Overlap) -> Double? {
    let (differing, compared) = difference(overlap)
    let (one, other) = (collection.owner(ofWord: overlap.first), collection.owner(ofWord: overlap.second))
    let shorter = min(collection.wordRange(one).count, collection.wordRange(other).count)
    let least = min(Self.leastOverlap, max(Self.leastWords, Int(Self.leastShare * Double(shorter))))
    return compared >= least ? Double(differing) / Double(compared * 32) : nil
  }

  /// How many bits differ, and in how many words, those left out in which either is silent.
  private func difference(_ overlap: Overlap) -> (differing: Int, compared: Int) {
    collection.words.withUnsafeBufferPointer { words in
      var (differing, compared) = (0, 0)
      for index in 0..<overlap.count {
        let (a, b) = (words[overlap.first + index], words[overlap.second + index])
        let sounds = a != 0 && b != 0
        differing += sounds ? (a ^ b).nonzeroBitCount : 0
        compared += sounds ? 1 : 0
      }
      return (differing, compared)
    }
  }

  /// How many times as many bits differ where both halves of an overlap fit best together as where each fits best by
  /// itself: 1 if they keep step, more for another performance, or another speed.
  private func drift(_ overlap: Overlap, _ one: Int, _ other: Int) -> Double {
    let half = overlap.count / 2
    let range = collection.wordRange(other)
    /// The share of wrong words for each shift; nil if nothing can be compared there.
    func rates(from start: Int) -> [Double?] {
      (-Self.driftReach...Self.driftReach).map { shift in
        var part = Overlap(first: overlap.first + start, second: overlap.second + start + shift, count: half)
        let missing = max(0, range.lowerBound - part.second)
        part = Overlap(first: part.first + missing, second: part.second + missing, count: half - missing)
        part.count = min(part.count, range.upperBound - part.second)
        let (differing, compared) = difference(part)
        return compared > 0 ? Double(differing) / Double(compared) : nil
      }
    }
    let (first, second) = (rates(from: 0), rates(from: half))
    let together = zip(first, second).compactMap { one, other in one.flatMap { one in other.map { one + $0 } } }.min()
    guard let together, let best = first.compactMap({ $0 }).min(), let otherBest = second.compactMap({ $0 }).min()
    else { return 1 }
    return together <= best + otherBest ? 1 : together / max(best + otherBest, 0.001)
  }

  // MARK: - Levels

  /// How much the bands' mean levels differ from each other between two recordings that lie over each other, in dB: 0 if
  /// one is only louder than the other.
  private func colouration(_ one: Int, _ other: Int, offset: Int) -> Double {
    let (start, otherStart) = (max(0, offset), max(0, -offset))
    let count = min(collection.wordRange(one).count - start, collection.wordRange(other).count - otherStart)
    var sums = [Double](repeating: 0, count: Fingerprint.levelBandCount)
    var rows = 0
    for word in stride(from: 0, to: count - Fingerprint.wordsPerLevel + 1, by: Fingerprint.wordsPerLevel) {
      let (a, b) = (levels(of: one, at: start + word), levels(of: other, at: otherStart + word))
      let bandCount = Double(a.count)
      guard a.reduce(0, +) / bandCount > Self.quietest, b.reduce(0, +) / bandCount > Self.quietest else { continue }
      for band in sums.indices { sums[band] += a[band] - b[band] }
      rows += 1
    }
    guard rows >= 2, let least = sums.min(), let most = sums.max() else { return 0 }
    return (most - least) / Double(rows)
  }

  /// The levels in dB of the words from `word` on, between the rows that are stored.
  private func levels(of fingerprint: Int, at word: Int) -> [Double] {
    let bandCount = Fingerprint.levelBandCount
    let (row, rest) = word.quotientAndRemainder(dividingBy: Fingerprint.wordsPerLevel)
    let rowCount =
      (collection.wordRange(fingerprint).count + Fingerprint.wordsPerLevel - 1) / Fingerprint.wordsPerLevel
    let share = Double(rest) / Double(Fingerprint.wordsPerLevel)
    let start = collection.levelStart(fingerprint)
    return (0..<bandCount).map { band in
      let level = Double(collection.levels[start + row * bandCount + band])
      let next = Double(collection.levels[start + min(row + 1, rowCount - 1) * bandCount + band])
      return (level * (1 - share) + next * share) / 255 * 80 - 80
    }
  }
}
