/// Reads cosines as similarities that mean the same in every space: 1 for equal vectors, 0 for what two items of the
/// collection have that are drawn at random, and less for what is less alike, down to -1.
///
///     s = (c - typical) / (1 - typical),   below 0: s / (1 - s)
///
/// The order is that of the cosines. In some spaces any two vectors have a cosine of nearly 1, such as in that of a
/// network whose last layer is a sigmoid; the cosine itself says little there.
public struct CosineScale: Sendable, Hashable {
  /// The median cosine of two items of the collection that are not copies.
  public let typical: Float

  /// The size of the sample that stands for a larger collection.
  static let sampleSize = 500

  /// A stored scale.
  public init(typical: Float) { self.typical = typical }

  /// Compares the vectors of a sample with each other. With fewer than two distinct vectors, the cosine stays as it is
  /// (above 0).
  ///
  /// - Parameter copies: Which of the vectors are copies; nil if none is.
  public init(of vectors: PackedVectors, copies: Copies? = nil) {
    let rows = (copies ?? Copies(noneAmong: vectors.count)).sample(Self.sampleSize)
    var cosines: [Float] = []
    cosines.reserveCapacity(rows.count * max(0, rows.count - 1) / 2)
    vectors.withUnsafeParts { _, start in
      let stride = vectors.blocksPerVector
      for (place, row) in rows.enumerated() {
        UnitVector.forEachSimilarity(
          of: start + row * stride, to: start, rows: rows[(place + 1)...], blockCount: stride
        ) { cosines.append($1) }
      }
    }
    cosines.sort()
    typical = cosines.isEmpty ? 0 : cosines[cosines.count / 2]
  }

  /// The similarity that a cosine stands for, in -1...1; it rises with the cosine.
  public func similarity(_ cosine: Float) -> Float {
    if Self.isEqual(cosine) { return 1 }
    let width = max(1 - Double(typical), Double(Self.rounding))
    return Float(Self.bounded(1 - (1 - Double(cosine)) / width))
  }

  /// Whether a cosine is that of equal vectors, but for what rounding may take from 1.
  static func isEqual(_ cosine: Float) -> Bool { cosine > 1 - rounding }
  private static let rounding: Float = 1e-6

  /// A number as it is from 0 on, and those below brought into -1...0: s / (1 - s), with the same slope at 0.
  static func bounded(_ value: Double) -> Double { value < 0 ? value / (1 - value) : value }
}
