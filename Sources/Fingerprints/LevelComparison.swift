import AudioFeatures

/// Decides whether the levels of two recordings that lie over each other take the same course, apart from loudness: a
/// copy adds and removes nothing, but a mix is louder where the other music sounds, a compressor changes what is loud,
/// and an equaliser raises some bands.
///
/// docs/decisions/duplicates.md says what the limits were measured on.
struct LevelComparison {
  let collection: FingerprintCollection

  /// The mean differences of two bands may differ by so many dB.
  static let largestColouration = 1.65
  /// The difference in a band may deviate by so many dB from the mean of that band, in the mean over all.
  static let largestScatter = 0.95
  /// Levels are compared over so many rows: 1.5 s. Of less, even copies differ where one was cut between two rows.
  private static let rowsPerWindow = 4
  /// What is quieter than this, in dB relative to the song's maximum, is not compared: codecs leave it out.
  private static let quietest = -45.0
  /// Nor is a window whose mean over all bands is below this.
  private static let quietestMean = -65.0
  /// A band counts that is louder than that in this share of the windows.
  private static let leastShare = 0.25

  /// The levels of two recordings in the same second and a half, in dB.
  private typealias Window = (one: [Double], other: [Double])

  /// Whether they do, if word `offset` of the one (which may be negative) is where the other begins; not if too little
  /// can be compared.
  func areAlike(_ one: Int, _ other: Int, offset: Int) -> Bool {
    let windows =
      offset < 0 ? windows(of: other, and: one, shift: -offset) : windows(of: one, and: other, shift: offset)
    let differences = (0..<Fingerprint.levelBandCount)
      .map { band in
        windows.compactMap { one, other in
          one[band] > Self.quietest && other[band] > Self.quietest ? one[band] - other[band] : nil
        }
      }
      .filter { !$0.isEmpty && Double($0.count) >= Self.leastShare * Double(windows.count) }
    guard windows.count > 1, !differences.isEmpty else { return false }
    let means = differences.map { $0.reduce(0, +) / Double($0.count) }
    let colouration = (means.max() ?? 0) - (means.min() ?? 0)
    let deviation = zip(differences, means).reduce(0) { sum, band in
      sum + band.0.reduce(0) { $0 + abs($1 - band.1) }
    }
    let scatter = deviation / Double(differences.reduce(0) { $0 + $1.count })
    return colouration <= Self.largestColouration && scatter <= Self.largestScatter
  }

  /// What sounds in both, the one having begun `shift` words before the other.
  private func windows(of one: Int, and other: Int, shift: Int) -> [Window] {
    let (skipped, rest) = shift.quotientAndRemainder(dividingBy: Fingerprint.wordsPerLevel)
    // Between two rows of either, at the same share of the way, so that both are smoothed alike.
    let share = Double(rest) / Double(2 * Fingerprint.wordsPerLevel)
    let count = min(rowCount(one) - skipped, rowCount(other)) - 2
    guard count >= Self.rowsPerWindow else { return [] }
    let rows = (1...count).map { row -> Window? in
      guard let a = levels(of: one, row: skipped + row, towards: skipped + row + 1, share),
        let b = levels(of: other, row: row, towards: row - 1, share)
      else { return nil }
      return (a, b)
    }
    return (0...(count - Self.rowsPerWindow)).compactMap { start in
      let part = rows[start..<start + Self.rowsPerWindow].compactMap { $0 }
      guard part.count == Self.rowsPerWindow else { return nil }
      let window = (Self.mean(part.map(\.one)), Self.mean(part.map(\.other)))
      return Self.sounds(window.0) && Self.sounds(window.1) ? window : nil
    }
  }

  private func rowCount(_ fingerprint: Int) -> Int {
    collection.wordRange(fingerprint).count / Fingerprint.wordsPerLevel
  }

  /// The levels in dB of a row, moved by a share of the way to a neighbour; nil if either is silent in part.
  private func levels(of fingerprint: Int, row: Int, towards neighbour: Int, _ share: Double) -> [Double]? {
    let words = collection.wordRange(fingerprint).lowerBound
    let (first, last) = (min(row, neighbour), max(row, neighbour))
    let heard = words + first * Fingerprint.wordsPerLevel..<words + (last + 1) * Fingerprint.wordsPerLevel
    guard collection.words[heard].allSatisfy({ $0 != 0 }) else { return nil }
    let start = collection.levelStart(fingerprint)
    return (0..<Fingerprint.levelBandCount).map { band in
      let level = Double(collection.levels[start + row * Fingerprint.levelBandCount + band])
      let next = Double(collection.levels[start + neighbour * Fingerprint.levelBandCount + band])
      return Fingerprint.decibels(ofLevel: level * (1 - share) + next * share)
    }
  }

  private static func mean(_ rows: [[Double]]) -> [Double] {
    (0..<Fingerprint.levelBandCount).map { band in rows.reduce(0) { $0 + $1[band] } / Double(rows.count) }
  }

  private static func sounds(_ levels: [Double]) -> Bool {
    levels.reduce(0, +) / Double(levels.count) > quietestMean
  }
}
