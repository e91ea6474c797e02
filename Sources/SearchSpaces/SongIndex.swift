import NearestNeighbors
import SongModels

/// What a collection is asked for.
package enum SongQuery: Sendable {
  /// The song of a row.
  case row(Int)
  /// A vector of the model; `excluding` is a row that is not counted, such as what the same file was before.
  case embedding([Float], excluding: Int? = nil)

  fileprivate var excluded: Int? {
    switch self {
    case .row(let row): row
    case .embedding(_, let row): row
    }
  }
}

/// The songs of a collection as a model compares them: the one way from a model's vectors to neighbours.
package struct SongIndex<ID: Sendable>: Sendable {
  /// Where vectors are compared.
  package let space: VectorSpace
  /// The songs' vectors in that space, moved towards their neighbours where the model gains by it.
  package let index: CosineIndex<ID>
  /// What takes hubs out; nil where the cosine itself ranks.
  package let hubs: MutualProximityCorrection?

  /// What was made before and stored.
  package init(space: VectorSpace, index: CosineIndex<ID>, hubs: MutualProximityCorrection?) {
    self.space = space
    self.index = index
    self.hubs = hubs
  }

  /// The collection of a model's vectors, given row by row.
  ///
  /// Of a caller that hands them over, no more than two forms of them are in memory at a time.
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

/// What a search does beyond the cosine.
package struct SearchRefinement: Sendable {
  /// What a search knows of hubs before it knows the collection.
  package let similarityPrior: MutualProximityCorrection.Prior
  /// How songs are moved towards their neighbours.
  let augmentation: NeighborAugmentation

  /// A collection's vectors, moved.
  fileprivate func moved(_ vectors: consuming [Float], dimension: Int) throws(NearestNeighborsError) -> [Float] {
    let packed = try PackedVectors(vectors, dimension: dimension)
    return try augmentation.applied(
      to: packed, correctedBy: MutualProximityCorrection(of: packed, prior: similarityPrior))
  }
}

extension EmbeddingModel {
  /// How a search is refined, where the model gains by it; nil where the cosine itself ranks.
  package var refinement: SearchRefinement? {
    guard measuresDescriptor else { return nil }
    // The prior as measured in collections of 250 and of 630 songs; its weight is that of the typical songs of `VectorSpace`.
    // Neighbours: docs/descriptors.md.
    return SearchRefinement(
      similarityPrior: .init(typical: .init(mean: 0, deviation: 0.09), weight: 3),
      augmentation: NeighborAugmentation(neighborCount: 4, weight: 0.4))
  }
}
