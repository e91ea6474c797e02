import AudioFeatures

/// Decides whether two fingerprints are of one recording: laid over each other, nearly all of their bits must agree, at
/// the same speed, and their levels take the same course.
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
      LevelComparison(collection: collection).areAlike(one, other, offset: best.offset)
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
}
