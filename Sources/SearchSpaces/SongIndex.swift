import NearestNeighbors
import SongModels

/// The songs of a collection as a model compares them: the one way from a model's vectors to neighbours.
package struct SongIndex<ID: Sendable>: Sendable {
  /// The space of the vectors.
  package let space: VectorSpace
  /// The songs' vectors in that space, moved towards their neighbours if the model gains by it.
  package let index: CosineIndex<ID>
  /// Which songs have the same vector.
  package let copies: Copies
  /// How a cosine becomes a similarity.
  package let scale: SimilarityScale
  /// The squared length of each aspect of each row, row by row; empty for a model that compares songs as a whole.
  package let aspectSquares: [Float]
  /// What counts more and what less than the model has it, if that was asked for.
  var weighting: SoundWeighting?

  /// An index that was made before and stored.
  package init(
    space: VectorSpace, index: CosineIndex<ID>, copies: Copies, scale: SimilarityScale, aspectSquares: [Float]
  ) {
    self.space = space
    self.index = index
    self.copies = copies
    self.scale = scale
    self.aspectSquares = aspectSquares
  }

  /// An index of a model's vectors, given row by row, in the model's space or as `changes` make it.
  ///
  /// If the caller hands the vectors over, no more than two forms of them are in memory at a time.
  package init(
    model: EmbeddingModel, changes: [SpaceChange] = [], ids: [ID], embeddings: consuming [Float]
  ) throws(NearestNeighborsError) {
    let copies = Copies(among: copy embeddings, dimension: model.dimension)
    let space = try VectorSpace(
      model: model, fitting: copy embeddings, count: ids.count, copies: copies, changes: changes)
    try self.init(space: space, ids: ids, applied: space.applied(to: embeddings), copies: copies)
  }

  /// An index of vectors that are in the space already, row by row.
  package init(
    space: VectorSpace, ids: [ID], applied vectors: consuming [Float], copies: Copies
  ) throws(NearestNeighborsError) {
    self.space = space
    self.copies = copies
    if let refinement = space.refinement {
      vectors = try refinement.moved(consume vectors, dimension: space.dimension, copies: copies)
    }
    let packed = try PackedVectors(consume vectors, dimension: space.dimension)
    index = CosineIndex(ids: ids, vectors: packed)
    aspectSquares = Self.aspectSquares(of: packed, in: space)
    scale =
      if let refinement = space.refinement {
        .withoutHubs(MutualProximityCorrection(of: packed, copies: copies, prior: refinement.similarityPrior))
      } else {
        .ofCosines(CosineScale(of: packed, copies: copies))
      }
  }

  /// The vectors that a search compares, row by row, each of length 1 (or 0): in the space, and moved towards their
  /// neighbours if the model gains by it.
  ///
  /// - Throws: `NearestNeighborsError.damaged`.
  package func searchVectors() throws(NearestNeighborsError) -> [Float] {
    let vectors = (0..<index.count).flatMap(index.vectors.values(ofRow:))
    try index.vectors.throwIfDamaged()
    return vectors
  }

  /// The `count` songs most similar to a query, the most similar first, itself left out; equal ones in their order.
  package func nearest(to query: SongQuery, count: Int) throws(NearestNeighborsError) -> [Neighbor<ID>] {
    precondition(weighting == nil, "weighted songs are asked about points and rows")
    let (vector, known, excluded) = located(query)
    switch scale {
    case .ofCosines(let scale):
      // The cosine of copies may be 0: standardised, the only song that there is has the vector 0.
      func isCopy(_ row: Int) -> Bool { known.map { copies.areEqual(row, $0) } ?? false }
      let same = known == nil ? [] : index.ids.indices.filter { $0 != excluded && isCopy($0) }.prefix(count)
      let others = try index.nearest(to: vector, count: count - same.count) { $0 != excluded && !isCopy($0) }
      return same.map { Neighbor(id: index.ids[$0], similarity: 1) }
        + others.map { Neighbor(id: $0.id, similarity: scale.similarity($0.similarity)) }
    case .withoutHubs(let correction):
      return try index.nearest(
        to: vector, count: count, correctedBy: correction, sameAs: known, excluding: excluded)
    }
  }

  /// The similarity of every song to a query, as `nearest` ranks them.
  package func similarities(to query: SongQuery) throws(NearestNeighborsError) -> [Float] {
    precondition(weighting == nil, "weighted songs are asked about points and rows")
    let (vector, known, excluded) = located(query)
    switch scale {
    case .ofCosines(let scale):
      return try index.similarities(to: vector).enumerated().map { row, cosine in
        known.map { copies.areEqual(row, $0) } ?? false ? 1 : scale.similarity(cosine)
      }
    case .withoutHubs(let correction):
      return try index.similarities(to: vector, correctedBy: correction, sameAs: known, excluding: excluded)
    }
  }

  /// A query's vector as the songs' are, and a row that has the same: its own, or that of a song of which it is a copy.
  /// A copy is asked for exactly as its original, though it is not in the collection.
  func located(_ query: SongQuery) -> (vector: [Float], known: Int?, excluded: Int?) {
    switch query {
    case .row(let row): return (index.vectors.values(ofRow: row), row, row)
    case .embedding(let embedding, let excluded):
      if let row = copies.row(of: embedding) { return (index.vectors.values(ofRow: row), row, excluded) }
      let vector = space.applied(to: embedding)
      guard case .withoutHubs(let correction) = scale, let refinement = space.refinement else {
        return (vector, nil, excluded)
      }
      let moved = refinement.augmentation.applied(
        to: vector, in: index.vectors, correctedBy: correction, excluding: excluded)
      return (moved, nil, excluded)
    }
  }
}
