/// Something that a listener did or said. Events are kept for good; one that was a mistake is marked as undone.
public struct Event: Sendable, Hashable {
  /// What was done. Its raw value is stored.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The song was played to its end, or for long enough to count.
    case played
    /// The song was begun, and left early.
    case skipped
    /// More like this.
    case liked
    /// Less like this.
    case disliked
    /// `value` is 1 to 5 stars; 0 takes the rating away.
    case rating
    /// Of three songs one does not belong: it comes first. It counts as long as all three are there.
    case oddOneOut
    /// The songs belong together.
    case together
  }

  /// The catalogue's number for it.
  public var id: Int64
  /// When, in seconds since 1970.
  public var time: Double
  /// Who says so: "akin", or the name of a player.
  public var source: String
  /// What was done.
  public var kind: Kind
  /// A number that belongs to it, such as stars.
  public var value: Double?
  /// The songs, those that were forgotten left out.
  public var songs: [TrackID]
  /// When it was taken back, in seconds since 1970; nil if it stands.
  public var undone: Double?
}
