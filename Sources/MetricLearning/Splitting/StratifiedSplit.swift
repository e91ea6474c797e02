/// Splits a dataset by fractions so that every class is represented in every part.
public struct StratifiedSplit: Sendable, Hashable {
  /// The share of the training, validation and test part, each in 0...1; together 1.
  public let fractions: [Double]

  /// Creates a split by fractions, such as 0.8, 0.1 and 0.1.
  ///
  /// - Throws: `StratifiedSplitError.invalidFractions` if one is negative or not finite, or if they do not add up to
  ///   1 (within 1e-6).
  public init(training: Double = 0.8, validation: Double = 0.1, test: Double = 0.1) throws(StratifiedSplitError) {
    let fractions = [training, validation, test]
    let sum = fractions.reduce(0, +)
    guard fractions.allSatisfy({ $0 >= 0 }), abs(sum - 1) <= 1e-6 else {
      throw .invalidFractions(training: training, validation: validation, test: test)
    }
    self.fractions = fractions.map { $0 / sum }
  }

  /// Splits songs, class by class, by the method of largest remainders.
  ///
  /// `labels` holds the class of each song; any numbers. The songs of a part are drawn at random. A class with at
  /// least as many songs as there are parts with a fraction above 0 has a song in each of them; a smaller class goes to
  /// the parts with the largest remainders. Among equal remainders, the part that lacks most songs so far comes first.
  public func split(labels: [Int], using generator: inout some RandomNumberGenerator) -> DatasetSplit {
    var parts = [[Int]](repeating: [], count: fractions.count)
    var songCount = 0
    for songs in LabelGroups(labels).songs {
      songCount += songs.count
      let lacking = parts.indices.map { fractions[$0] * Double(songCount) - Double(parts[$0].count) }
      let counts = counts(of: songs.count, lacking: lacking)
      var shuffled = songs.shuffled(using: &generator)[...]
      for (part, count) in counts.enumerated() {
        parts[part] += shuffled.prefix(count)
        shuffled = shuffled.dropFirst(count)
      }
    }
    return DatasetSplit(training: parts[0], validation: parts[1], test: parts[2])
  }

  /// How many of a class's songs go to each part; `lacking` decides between equal remainders.
  private func counts(of songCount: Int, lacking: [Double]) -> [Int] {
    // 0.1 × 30 is 3.0000000000000004: such a remainder counts as 0.
    let quotas = fractions.map { ($0 * Double(songCount) * 1e9).rounded() / 1e9 }
    var counts = quotas.map { Int($0) }
    let byRemainder = quotas.indices.filter { fractions[$0] > 0 }.sorted { first, second in
      let remainders = (quotas[first] - Double(counts[first]), quotas[second] - Double(counts[second]))
      return (remainders.0, lacking[first], second) > (remainders.1, lacking[second], first)
    }
    for part in byRemainder.prefix(max(0, songCount - counts.reduce(0, +))) {
      counts[part] += 1
    }

    guard songCount >= byRemainder.count else { return counts }
    for part in byRemainder where counts[part] == 0 {
      let fullest = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
      counts[fullest] -= 1
      counts[part] += 1
    }
    return counts
  }
}
