import MetricLearning
import NearestNeighbors
import Reproducibility
import SearchSpaces

/// A cross-validation of what answers teach: each is foretold by what the others taught, as a search would compare its
/// songs.
struct EarCheck {
  /// The share of answers that are foretold by the model as it comes, and as it was learned; each answer as much as it
  /// counts.
  let before, after: Double
  /// How likely it is that what was learned gives answers a higher probability than the model as it comes, both as
  /// decisive as suits the other answers best. 0...1.
  let certainty: Double

  init(songs: EarSongs, choices: [EarSongs.Choice], folds: Int, randomSeed: UInt64) {
    var generator = SeededGenerator(seed: randomSeed)
    let order = choices.indices.shuffled(using: &generator)
    var (before, after, total) = (0.0, 0.0, 0.0)
    var gains: [(gain: Double, count: Double)] = []
    for fold in 0..<folds {
      let asked = order.indices.filter { $0 % folds == fold }.map { order[$0] }
      let others = order.indices.filter { $0 % folds != fold }.map { choices[order[$0]] }
      let learned = EarModel(others, features: songs.features)
      let standing = EarModel(standing: others, features: songs.features)
      let change = learned.change(songs.features)
      for place in asked {
        let count = choices[place].count
        total += count
        if songs.foretells(choices[place]) { before += count }
        if songs.foretells(choices[place], changedBy: change) { after += count }
        gains.append((learned.logProbability(choices[place]) - standing.logProbability(choices[place]), count))
      }
    }
    self.before = before / max(total, .leastNormalMagnitude)
    self.after = after / max(total, .leastNormalMagnitude)
    certainty = Self.certainty(gains)
  }

  /// How likely a mean is above 0, if it is distributed normally; each value as often as it counts.
  private static func certainty(_ values: [(gain: Double, count: Double)]) -> Double {
    let total = values.reduce(0) { $0 + $1.count }
    let mean = values.reduce(0) { $0 + $1.count * $1.gain } / total
    let square = values.reduce(0) { $0 + $1.count * $1.count * ($1.gain - mean) * ($1.gain - mean) }
    guard total > 0, square > 0 else { return mean > 0 ? 1 : 0 }
    return NormalDistribution.tail(-mean * total / square.squareRoot())
  }
}
