import AudioFeatures

/// Many fingerprints in few pieces of memory: about 2 KB for each excerpt of 30 s.
public struct FingerprintCollection: Sendable {
  /// All words; those of each fingerprint begin at a whole block and are followed by zeros up to the next.
  private(set) var words: [UInt32] = []
  /// All levels.
  private(set) var levels: [UInt8] = []
  /// The fingerprint that each block of words belongs to.
  private var owners: [Int32] = []
  private var wordRanges: [Range<Int>] = []
  private var levelStarts: [Int] = []

  private static let blockSize = 32

  /// An empty collection.
  public init() {}

  /// How many fingerprints there are.
  public var count: Int { wordRanges.count }

  /// Adds a fingerprint; its number is the ``count`` before.
  public mutating func append(_ fingerprint: Fingerprint) {
    let start = words.count
    words += fingerprint.words
    wordRanges.append(start..<words.count)
    let padding = (Self.blockSize - words.count % Self.blockSize) % Self.blockSize
    words.append(contentsOf: repeatElement(0, count: padding))
    owners.append(contentsOf: repeatElement(Int32(count - 1), count: (words.count - start) / Self.blockSize))
    levelStarts.append(levels.count)
    levels += fingerprint.levels
  }

  /// The fingerprint that a word of ``words`` belongs to.
  func owner(ofWord index: Int) -> Int { Int(owners[index / Self.blockSize]) }

  /// Where a fingerprint's words are in ``words``.
  func wordRange(_ index: Int) -> Range<Int> { wordRanges[index] }

  /// Where a fingerprint's levels begin in ``levels``.
  func levelStart(_ index: Int) -> Int { levelStarts[index] }
}
