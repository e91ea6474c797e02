import NearestNeighbors
import SongModels

/// The songs of a collection as a model compares them: the one way from a model's vectors to neighbours.
package struct SongIndex<ID: Sendable>: Sendable {
  /// The space of the vectors.
  package let space: VectorSpace
  /// The songs' vectors in that space, moved towards their neighbours if the model gains by it.
  package let index: CosineIndex<ID>
  /// What takes hubs out; nil if the cosine itself ranks.
  package let hubs: MutualProximityCorrection?

  /// An index that was made before and stored.
  package init(space: VectorSpace, index: CosineIndex<ID>, hubs: MutualProximityCorrection?) {
    self.space = space
    self.index = index
    self.hubs = hubs
  }

  /// An index of a model's vectors, given row by row.
  ///
  /// If the caller hands the vectors over, no more than two forms of them are in memory at a time.
  package init(model: EmbeddingModel, ids: [ID], embeddings: consuming [Float]) throws(NearestNeighborsError) {
    space = try VectorSpace(model: model, fitting: copy embeddings, count: ids.count)
    var vectors = space.applied(to: embeddings)
    if let refinement = model.refinement {
      vectors = try refinement.moved(consume vectors, dimension: model.dimension)
    }
    let packed = try PackedVectors(consume vectors, dimension: model.dimension)
    index = CosineIndex(ids: ids, vectors: packed)
    hubs = model.refinement.map { MutualProximityCorrection(of: packed, prior: $0.similarityPrior) }
  }

  /// The vectors that a search compares, row by row, each of length 1 (or 0): in the space, and moved towards their
  /// neighbours if the model gains by it.
  package var searchVectors: [Float] { (0..<index.count).flatMap(index.vectors.values(ofRow:)) }

  /// The `count` songs most similar to a query, the most similar first, itself left out; equal ones in their order.
  package func nearest(to query: SongQuery, count: Int) throws(NearestNeighborsError) -> [Neighbor<ID>] {
    let (vector, excluded) = (vector(of: query), query.excluded)
    guard let hubs else { return try index.nearest(to: vector, count: count) { $0 != excluded } }
    return try index.nearest(to: vector, count: count, correctedBy: hubs, excluding: excluded)
  }

  /// The similarity of every song to a query, as `nearest` ranks them.
  package func similarities(to query: SongQuery) throws(NearestNeighborsError) -> [Float] {
    let vector = vector(of: query)
    guard let hubs else { return try index.similarities(to: vector) }
    return try index.similarities(to: vector, correctedBy: hubs, excluding: query.excluded)
  }

  private func vector(of query: SongQuery) -> [Float] {
    switch query {
    case .row(let row): return index.vectors.values(ofRow: row)
    case .embedding(let embedding, let excluded):
      let vector = space.applied(to: embedding)
      guard let hubs, let refinement = space.refinement else { return vector }
      return refinement.augmentation.applied(to: vector, in: index.vectors, correctedBy: hubs, excluding: excluded)
    }
  }
}
