/// The results of one epoch.
public struct EpochRecord: Sendable, Hashable, Codable {
  /// The phase, counted from 0.
  public var phase: Int
  /// The epoch in its phase, counted from 1.
  public var epoch: Int
  /// The mean loss over the epoch's terms: songs for cross-entropy, triplets for triplet loss, pairs for contrastive
  /// and angular loss, anchors for supervised contrastive loss. Nil if there were no terms.
  public var loss: Double?
  /// The share of correctly classified songs, for cross-entropy.
  public var accuracy: Double?
  /// The share of active triplets, for triplet loss; nil if none was mined.
  public var activeTripletFraction: Double?
  /// The number of triplets, for triplet loss.
  public var tripletCount: Int?
  /// The MAP of the validation songs as queries among training and validation songs; nil without validation songs.
  public var validationMAP: Double?
  /// How the training went wrong, if it did.
  public var collapse: CollapseDetector.Finding?
}
