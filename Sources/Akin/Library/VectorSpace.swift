import NearestNeighbors

/// Where vectors are compared: what depends on the collection that is searched is applied here, and only here.
package struct VectorSpace: Sendable {
  /// The statistics of the collection, where the model's vectors are standardised.
  package let standardisation: Standardisation?

  /// The space with these statistics.
  init(standardisation: Standardisation?) { self.standardisation = standardisation }

  /// The space of a collection's `count` vectors.
  init(model: EmbeddingModel, fitting vectors: [Float], count: Int) throws(NearestNeighborsError) {
    standardisation =
      model.standardisesCollection && count > 0
      ? try Standardisation(fitting: vectors, count: count, dimension: model.dimension) : nil
  }

  /// One or several vectors in this space.
  func applied(to vectors: [Float]) -> [Float] { standardisation?.applied(to: vectors) ?? vectors }
}
