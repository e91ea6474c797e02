import AudioFeatures
import Fingerprints
import Reproducibility

/// Fingerprints of random songs, and of copies of them.
struct RandomFingerprints {
  var generator = SeededGenerator(seed: 1)

  /// The energies of a song: each band wanders by itself.
  mutating func steps(count: Int = 323) -> [Float] {
    var steps: [Float] = []
    var last = [Float](repeating: 0, count: Fingerprint.bandCount)
    for _ in 0..<count {
      for band in last.indices {
        last[band] = 0.7 * last[band] + Float.random(in: -20...20, using: &generator)
        steps.append(last[band] - 60)
      }
    }
    return steps
  }

  mutating func song(count: Int = 323) -> Fingerprint { Fingerprint(steps: steps(count: count)) }

  /// The fingerprint with a share of its bits turned over.
  mutating func damaged(_ fingerprint: Fingerprint, share: Double) -> Fingerprint {
    var fingerprint = fingerprint
    for index in fingerprint.words.indices {
      for bit in 0..<32 where Double.random(in: 0..<1, using: &generator) < share {
        fingerprint.words[index] ^= 1 << UInt32(bit)
      }
    }
    return fingerprint
  }
}

extension FingerprintCollection {
  init(_ fingerprints: [Fingerprint]) {
    self.init()
    for fingerprint in fingerprints { append(fingerprint) }
  }
}

/// Some of the steps.
func part(_ steps: [Float], _ range: Range<Int>) -> [Float] {
  Array(steps[(range.lowerBound * Fingerprint.bandCount)..<(range.upperBound * Fingerprint.bandCount)])
}
