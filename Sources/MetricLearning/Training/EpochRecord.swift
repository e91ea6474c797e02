/// What one epoch brought.
public struct EpochRecord: Sendable, Hashable, Codable {
  /// The phase, counted from 0.
  public var phase: Int
  /// The epoch in its phase, counted from 1.
  public var epoch: Int
  /// The mean loss over the epoch's terms: songs for cross-entropy, triplets for triplet loss, pairs for contrastive
  /// and angular loss, anchors for supervised contrastive loss. Nil where there was no term.
  public var loss: Double?
  /// The share of correctly classified songs, for cross-entropy.
  public var accuracy: Double?
  /// The share of triplets that taught anything, for triplet loss; nil where none was mined.
  public var activeTripletFraction: Double?
  /// The number of triplets, for triplet loss.
  public var tripletCount: Int?
  /// The MAP of the validation songs among training and validation songs; nil without validation songs.
  public var validationMAP: Double?
  /// A training that went wrong.
  public var collapse: CollapseDetector.Finding?
}
