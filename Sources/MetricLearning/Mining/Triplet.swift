/// Three songs of a batch by their rows: the anchor and the positive share a label, the negative has another.
public struct Triplet: Sendable, Hashable {
  /// The row that the other two are compared with.
  public var anchor: Int
  /// The row that should be close to the anchor.
  public var positive: Int
  /// The row that should be far from the anchor.
  public var negative: Int

  /// Creates a triplet of rows.
  public init(anchor: Int, positive: Int, negative: Int) {
    self.anchor = anchor
    self.positive = positive
    self.negative = negative
  }
}
