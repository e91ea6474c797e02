/// Draws batches of P classes × K songs, so that every anchor has positives and negatives to choose from.
///
/// In an epoch of ⌈n / (P·K)⌉ batches every class is drawn equally often, give or take one, and so is every song within
/// its class. If all classes have the same size, every song is drawn about once; otherwise songs of small classes are
/// drawn more often, and some of large ones wait for another epoch.
public struct ClassBalancedSampler: Sendable {
  /// P: the number of different classes in a batch, at most as many as there are.
  public let classesPerBatch: Int
  /// K: the number of songs of each class in a batch.
  public let songsPerClass: Int
  /// The songs of each class, classes in the order of their labels.
  private let songsByClass: [[Int]]

  /// Creates a sampler over a training set.
  ///
  /// - Parameters:
  ///   - labels: the class of each song of the training set; any numbers.
  ///   - classesPerBatch: P, at least 1; lowered to the number of classes.
  ///   - songsPerClass: K, at least 1. In batches of 1 no song has a positive.
  public init(labels: [Int], classesPerBatch: Int, songsPerClass: Int) {
    precondition(
      classesPerBatch > 0 && songsPerClass > 0, "batches of \(classesPerBatch) classes × \(songsPerClass) songs")
    songsByClass = LabelGroups(labels).songs
    self.classesPerBatch = min(classesPerBatch, songsByClass.count)
    self.songsPerClass = songsPerClass
  }

  /// The batches of one epoch, as indices of the training set; none if the training set is empty.
  ///
  /// Each batch holds `classesPerBatch * songsPerClass` songs, class after class. A song appears twice in a batch only
  /// if its class has fewer than `songsPerClass`.
  public func batches(using generator: inout some RandomNumberGenerator) -> [[Int]] {
    let songCount = songsByClass.reduce(0) { $0 + $1.count }
    guard songCount > 0 else { return [] }
    let batchSize = classesPerBatch * songsPerClass
    var classes = ShuffledDeck(Array(songsByClass.indices))
    var songs = songsByClass.map { ShuffledDeck($0) }
    return (0..<(songCount + batchSize - 1) / batchSize).map { _ in
      classes.draw(classesPerBatch, using: &generator).flatMap { label in
        songs[label].draw(songsPerClass, using: &generator)
      }
    }
  }
}
