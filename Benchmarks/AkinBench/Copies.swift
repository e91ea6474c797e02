import ArgumentParser
import AudioFeatures
import Catalogue
import Fingerprints
import Foundation
import Reproducibility

/// Looking for copies among many fingerprints; docs/decisions/duplicates.md has the figures.
struct Copies: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds the copies among random fingerprints, all at once and of a few new ones.",
    discussion: """
      A song's energies wander as those of music do: a part changes slowly and a part quickly, neighbouring bands go \
      together, and some bars come again. A tenth of the songs have a copy with a tenth of its bits turned over, from \
      which up to 4 s are cut. Prints how often two songs have 24 bits of a word in common by chance, to be compared with \
      real music.
      """)

  @Option(help: "How many songs.")
  var count = 100_000

  @Option(help: "How many of them are new in the second search.")
  var new = 100

  @Option(help: "Threads.")
  var threads = Parallel.processorCount

  @Option(help: "What the songs derive from.")
  var seed: UInt64 = 1

  @Option(
    help: "Only store them as those of the first songs of this library, to time `akin index` and `akin duplicates`.")
  var library: String?

  private struct Answer: Encodable {
    /// Of looking for all copies, and for those of the new songs alone.
    var secondsForAll, secondsForNew: Double
    /// How many there are, how many of them were found, and how many other pairs were.
    var copies, found, wrong: Int
    /// The mean number of equal keys of two songs that are no copies.
    var chanceKeys: Double
  }

  func run() throws {
    let songs = songs()
    if let library { return try store(songs, in: Catalogue(path: library)) }
    var collection = FingerprintCollection()
    for song in songs { collection.append(song) }
    let search = CopySearch(collection)
    var start = ContinuousClock.now
    let pairs = search.pairs(threads: threads)
    let secondsForAll = (ContinuousClock.now - start) / .seconds(1)
    start = .now
    _ = search.pairs(threads: threads) { $0 >= count - new }
    let secondsForNew = (ContinuousClock.now - start) / .seconds(1)
    let originals = count - count / 11
    let right = pairs.count { $0.second - originals == $0.first }
    let answer = Answer(
      secondsForAll: secondsForAll, secondsForNew: secondsForNew, copies: count - originals, found: right,
      wrong: pairs.count - right, chanceKeys: Self.chanceKeys(songs.prefix(300)))
    print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
  }

  private func store(_ songs: [Fingerprint], in catalogue: Catalogue) throws {
    for start in stride(from: 0, to: songs.count, by: 1000) {
      let some = (start..<min(start + 1000, songs.count)).map { index in
        (
          TrackID(rawValue: Int64(index + 1)),
          StoredFingerprint(
            version: Fingerprint.version, data: songs[index].data, codec: "mp3", sampleRate: 44_100, channelCount: 2)
        )
      }
      try catalogue.store(fingerprints: Dictionary(uniqueKeysWithValues: some))
    }
  }

  /// The songs, and then the copies of the first of them.
  private func songs() -> [Fingerprint] {
    let originals = count - count / 11
    var songs = [Fingerprint](repeating: Fingerprint(words: [], levels: []), count: count)
    songs.withUnsafeMutableBufferPointer { songs in
      nonisolated(unsafe) let songs = songs
      Parallel.forEach(count: originals, threads: threads) { index, _ in
        var generator = SeededGenerator(seed: seed &+ UInt64(index))
        let steps = Self.steps(using: &generator)
        songs[index] = Fingerprint(steps: steps)
        guard originals + index < count else { return }
        let cut = Int.random(in: 0...43, using: &generator)
        var copy = Fingerprint(steps: Array(steps[(cut * Fingerprint.bandCount)...]))
        for word in copy.words.indices {
          for bit in 0..<32 where UInt8.random(in: 0...255, using: &generator) < 26 {
            copy.words[word] ^= 1 << UInt32(bit)
          }
        }
        songs[originals + index] = copy
      }
    }
    return songs
  }

  /// Steps of 30 s.
  private static func steps(using generator: inout SeededGenerator) -> [Float] {
    let bandCount = Fingerprint.bandCount
    var steps: [Float] = []
    steps.reserveCapacity(323 * bandCount)
    var slow = [Float](repeating: 0, count: bandCount)
    // Some bars come again.
    let bar = Int.random(in: 15...40, using: &generator)
    for step in 0..<323 {
      let isRepeated = step >= bar && step / bar % 4 != 0
      var neighbour: Float = 0
      for band in 0..<bandCount {
        let (own, wandering) = (noise(using: &generator), noise(using: &generator))
        neighbour = 0.5 * neighbour + 0.87 * own
        slow[band] = 0.9 * slow[band] + 0.44 * wandering
        let fresh = -80 + 16 * slow[band] + 8 * neighbour
        let again = isRepeated ? steps[(step - bar) * bandCount + band] + 3 * own : fresh
        steps.append(again)
      }
    }
    return steps
  }

  /// Nearly normal, of mean 0 and deviation 1.
  private static func noise(using generator: inout SeededGenerator) -> Float {
    let bits = generator.next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (Float(sum) / 65_536 - 2) * 1.732
  }

  private static func chanceKeys(_ songs: ArraySlice<Fingerprint>) -> Double {
    var owners: [UInt64: [Int: Int]] = [:]
    for (index, song) in songs.enumerated() {
      for (word, last) in zip(song.words, [0] + song.words) where word != 0 && word != last {
        owners[UInt64(word >> 8), default: [:]][index, default: 0] += 1
        owners[1 << 32 | UInt64(word << 8), default: [:]][index, default: 0] += 1
      }
    }
    let equal = owners.values.reduce(0.0) { sum, counts in
      let total = counts.values.reduce(0, +)
      return sum + Double(total * total - counts.values.reduce(0) { $0 + $1 * $1 }) / 2
    }
    return equal / (Double(songs.count * (songs.count - 1)) / 2)
  }
}
