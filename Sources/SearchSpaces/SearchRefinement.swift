import NearestNeighbors
import SongModels

/// What a search does beyond the cosine.
package struct SearchRefinement: Sendable {
  /// What a search knows of hubs before it knows the collection.
  package let similarityPrior: MutualProximityCorrection.Prior
  /// How songs are moved towards their neighbours.
  let augmentation: NeighborAugmentation

  /// A collection's vectors, moved.
  func moved(
    _ vectors: consuming [Float], dimension: Int, copies: Copies
  ) throws(NearestNeighborsError) -> [Float] {
    let packed = try PackedVectors(vectors, dimension: dimension)
    return try augmentation.applied(
      to: packed, correctedBy: MutualProximityCorrection(of: packed, copies: copies, prior: similarityPrior))
  }
}

extension EmbeddingModel {
  /// How a search is refined, if the model gains by it; nil if the cosine itself ranks. A descriptor that is joined with
  /// other models brings its own with it.
  package var refinement: SearchRefinement? {
    if case .joined(let joined) = method { return joined.parts[0].model.refinement }
    guard measuresDescriptor else { return nil }
    // The prior as measured in collections of 250 and of 630 songs; its weight is that of the typical songs of
    // `VectorSpace`. Neighbours: docs/descriptors.md.
    return SearchRefinement(
      similarityPrior: .init(typical: .init(mean: 0, deviation: 0.09), weight: 3),
      augmentation: NeighborAugmentation(neighborCount: 4, weight: 0.4))
  }
}
