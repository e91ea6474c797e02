/// The vectors that one model made, as one matrix.
public struct Embeddings: Sendable, Hashable {
  /// The tracks, in ascending order, one a row.
  public let ids: [TrackID]
  /// The length of a vector.
  public let dimension: Int
  /// The revision of the model's vectors that these are; see `Catalogue.revision(model:)`.
  public let revision: Int64
  /// `ids.count` × `dimension` values, row by row.
  public let values: [Float]
}
