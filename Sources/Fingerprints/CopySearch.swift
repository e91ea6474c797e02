import AudioFeatures
import Reproducibility

/// Finds all pairs of fingerprints that are of one recording.
///
/// Fingerprints that have 24 bits of a word in common, the lower or the upper ones, are laid over each other at that
/// word and compared. Among the words of a copy some are always nearly whole; two songs have few in common, and the
/// words around those differ.
public struct CopySearch {
  /// Two fingerprints of one recording.
  public struct Pair: Hashable, Sendable {
    /// The number of the one, which is less than the other's.
    public var first: Int
    /// The number of the other.
    public var second: Int
    /// The share of bits that differ where they lie over each other, 0...0.25.
    public var errorRate: Double
  }

  private let collection: FingerprintCollection
  private let comparison: FingerprintComparison

  /// A search in a collection.
  public init(_ collection: FingerprintCollection) {
    self.collection = collection
    comparison = FingerprintComparison(collection: collection)
  }

  /// The pairs in which at least one is new, in the order of their numbers, for any number of threads.
  ///
  /// - Parameters:
  ///   - isNew: is asked for the number of each fingerprint.
  ///   - threads: how many parts of the search run side by side; each takes about 1 MB for each 10,000 fingerprints.
  public func pairs(threads: Int = Parallel.processorCount, where isNew: (Int) -> Bool = { _ in true }) -> [Pair] {
    let new = (0..<collection.count).map(isNew)
    guard new.contains(true) else { return [] }
    let tasks = [0, Self.skippedBits].flatMap { rotation in
      (0..<Self.partCount).map { Task(rotation: UInt32(rotation), part: UInt32($0)) }
    }
    var found = [[Int: Double]](repeating: [:], count: tasks.count)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      Parallel.forEach(count: tasks.count, threads: threads) { index, _ in found[index] = run(tasks[index], new) }
    }
    let rates = found.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: min) }
    return rates.sorted { $0.key < $1.key }.map { key, rate in
      Pair(first: key / collection.count, second: key % collection.count, errorRate: rate)
    }
  }

  // MARK: - Equal words

  /// Part of a search: the words whose first bits are `part`, after they were turned so that the bits which may differ
  /// come last.
  private struct Task {
    var rotation: UInt32
    var part: UInt32
  }

  /// So many bits of a word need not be equal, and of those at most so many may differ.
  private static let skippedBits = 8
  private static let largestDifference = 2
  private static let keyShift = UInt64(32 + skippedBits)
  private static let partBits = 5
  private static let partCount = 1 << partBits
  /// A word is compared with so many others that have its bits, so that one which is common in all music costs little.
  private static let largestRun = 256

  /// The pairs that a task finds, by `first * count + second`.
  private func run(_ task: Task, _ new: [Bool]) -> [Int: Double] {
    let entries = entries(of: task, new)
    var found: [Int: Double] = [:]
    // Where a pair was compared in vain.
    var refused: [Int: Int] = [:]
    entries.withUnsafeBufferPointer { entries in
      for index in entries.indices {
        let entry = entries[index]
        let (key, word) = (entry >> Self.keyShift, Int(entry & 0xFFFF_FFFF))
        let owner = collection.owner(ofWord: word)
        for other in (index + 1)..<max(index + 1, min(index + Self.largestRun, entries.count)) {
          let candidate = entries[other]
          guard candidate >> Self.keyShift == key else { break }
          guard ((entry ^ candidate) >> 32).nonzeroBitCount <= Self.largestDifference else { continue }
          let second = Int(candidate & 0xFFFF_FFFF)
          let secondOwner = collection.owner(ofWord: second)
          guard secondOwner != owner, new[owner] || new[secondOwner] else { continue }
          compare((word, owner), (second, secondOwner), &found, &refused)
        }
      }
    }
    return found
  }

  private func compare(
    _ one: (word: Int, owner: Int), _ other: (word: Int, owner: Int), _ found: inout [Int: Double],
    _ refused: inout [Int: Int]
  ) {
    let (one, other) = one.owner < other.owner ? (one, other) : (other, one)
    guard comparison.isPlausible(word: one.word, of: one.owner, word: other.word, of: other.owner) else { return }
    let pair = one.owner * collection.count + other.owner
    let offset =
      one.word - collection.wordRange(one.owner).lowerBound
      - (other.word - collection.wordRange(other.owner).lowerBound)
    guard found[pair] == nil, refused[pair] != offset else { return }
    if let rate = comparison.errorRate(one.owner, other.owner, offset: offset) {
      found[pair] = rate
    } else {
      refused[pair] = offset
    }
  }

  /// A task's words, turned, each with its place in the low half, in ascending order. Of words that are equal one after
  /// the other, such as in a long tone, the first.
  private func entries(of task: Task, _ new: [Bool]) -> [UInt64] {
    let wanted = wantedKeys(of: task, new)
    var entries: [UInt64] = []
    collection.words.withUnsafeBufferPointer { words in
      var last: UInt32 = 0
      for (index, word) in words.enumerated() {
        defer { last = word }
        guard word != 0, word != last else { continue }
        let turned = word << task.rotation | word >> ((32 - task.rotation) & 31)
        guard turned >> UInt32(32 - Self.partBits) == task.part, wanted?.contains(turned) ?? true else { continue }
        entries.append(UInt64(turned) << 32 | UInt64(index))
      }
    }
    entries.sort()
    return entries
  }

  /// The keys of the new fingerprints' words, if those are few; nil if most are new.
  private func wantedKeys(of task: Task, _ new: [Bool]) -> KeySet? {
    guard new.count(where: { $0 }) * 4 < new.count else { return nil }
    var keys = KeySet(skippedBits: UInt32(Self.skippedBits))
    for index in new.indices where new[index] {
      for word in collection.words[collection.wordRange(index)] {
        keys.insert(word << task.rotation | word >> ((32 - task.rotation) & 31))
      }
    }
    return keys
  }
}

/// A set of the upper bits of words.
private struct KeySet {
  private let skippedBits: UInt32
  private var bits: [UInt64]

  init(skippedBits: UInt32) {
    self.skippedBits = skippedBits
    bits = Array(repeating: 0, count: 1 << (26 - skippedBits))
  }

  mutating func insert(_ word: UInt32) {
    let key = word >> skippedBits
    bits[Int(key >> 6)] |= 1 << UInt64(key & 63)
  }

  func contains(_ word: UInt32) -> Bool {
    let key = word >> skippedBits
    return bits[Int(key >> 6)] >> UInt64(key & 63) & 1 == 1
  }
}
