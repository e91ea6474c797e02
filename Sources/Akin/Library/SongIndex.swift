import NearestNeighbors

/// The songs of a collection as a model compares them: the one way from a model's vectors to neighbours.
package struct SongIndex<ID: Sendable>: Sendable {
  /// Where vectors are compared.
  package let space: VectorSpace
  /// The songs' vectors in that space.
  package let index: CosineIndex<ID>
  /// What takes hubs out; nil where the cosine itself ranks.
  package let hubs: HubCorrection?

  /// What was made before and stored.
  init(space: VectorSpace, index: CosineIndex<ID>, hubs: HubCorrection?) {
    self.space = space
    self.index = index
    self.hubs = hubs
  }

  /// The collection of a model's vectors, given row by row.
  package init(model: EmbeddingModel, ids: [ID], embeddings: [Float]) throws(NearestNeighborsError) {
    space = try VectorSpace(model: model, fitting: embeddings, count: ids.count)
    index = try CosineIndex(ids: ids, dimension: model.dimension, vectors: space.applied(to: embeddings))
    hubs = model.hubPrior.map { [index] in HubCorrection(of: index.vectors, prior: $0) }
  }

  /// The `count` songs most similar to a vector of the model, the most similar first; equal ones in their order.
  ///
  /// - Parameter excluded: the row of the song that asks, where it is one of them.
  package func nearest(to embedding: [Float], count: Int, excluding excluded: Int?) throws(NearestNeighborsError)
    -> [Neighbor<ID>]
  {
    let query = space.applied(to: embedding)
    guard let hubs else { return try index.nearest(to: query, count: count) { $0 != excluded } }
    return try index.nearest(to: query, count: count, correcting: hubs, excluding: excluded)
  }

  /// The similarity of every song to a vector of the model, as `nearest` ranks them.
  ///
  /// - Parameter excluded: the row of the song that asks, where it is one of them.
  package func similarities(to embedding: [Float], excluding excluded: Int?) throws(NearestNeighborsError) -> [Float] {
    let query = space.applied(to: embedding)
    guard let hubs else { return try index.similarities(to: query) }
    return try index.similarities(to: query, correcting: hubs, excluding: excluded)
  }
}
