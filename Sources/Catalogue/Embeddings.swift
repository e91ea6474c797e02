/// The vectors that one model made, as one matrix.
public struct Embeddings: Sendable, Hashable {
  /// The tracks, in ascending order, one a row.
  public let ids: [TrackID]
  /// The length of a vector.
  public let dimension: Int
  /// `ids.count` × `dimension` values, row by row.
  public let values: [Float]
}
