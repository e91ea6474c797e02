import AudioFeatures
import MetricLearning
import NearestNeighbors
import SongModels

/// The space of a model in a collection: its vectors standardised over the collection, then transformed as it learned,
/// and then as was learned for the library, if anything was.
///
/// Some models' searches go one step further, and move songs towards their neighbours: `SongIndex` does, and its
/// `searchVectors` are the ones to compare as a search does.
package struct VectorSpace: Sendable {
  /// The statistics of the collection, if the model's vectors are standardised.
  package let standardisation: Standardisation?
  /// What was learned for the library, in the order in which it is applied.
  package let changes: [SpaceChange]
  private let model: EmbeddingModel

  /// The length of a vector in this space.
  var dimension: Int { model.searchDimension }

  /// How the model refines a search.
  var refinement: SearchRefinement? { model.refinement }

  /// While a collection is small, its statistics lean on what is typical: as if it had this many typical songs as well.
  /// Of 1 to 100, 3 measured best in collections of 4 to 50 songs, and all alike in larger ones (docs/descriptors.md).
  private static let typicalSongs = 3.0

  /// The space of a model with these statistics, which are given if it standardises; nil if they do not fit it.
  package init?(model: EmbeddingModel, standardisation: Standardisation?, changes: [SpaceChange] = []) {
    guard model.standardisesCollection == (standardisation != nil),
      standardisation.map({ $0.dimension == model.dimension }) ?? true
    else { return nil }
    self.model = model
    self.changes = changes
    self.standardisation = standardisation
  }

  /// The space of a collection's `count` vectors, of which copies count once.
  package init(
    model: EmbeddingModel, fitting vectors: [Float], count: Int, copies: Copies? = nil, changes: [SpaceChange] = []
  ) throws(NearestNeighborsError) {
    self.model = model
    self.changes = changes
    guard model.standardisesCollection else {
      standardisation = nil
      return
    }
    let own = try Standardisation(fitting: vectors, count: count, dimension: model.dimension, copies: copies)
    let count = copies?.distinctRows.count ?? count
    standardisation =
      if let typical = model.typicalStatistics {
        own.pooled(count: Double(count), with: typical, count: Self.typicalSongs)
      } else {
        own
      }
  }

  /// One or several vectors in this space, row by row.
  package func applied(to vectors: consuming [Float]) -> [Float] {
    var applied = comparedByModel(vectors)
    for change in changes { change.change.apply(to: &applied) }
    return applied
  }

  /// Vectors as the model itself compares them.
  private func comparedByModel(_ vectors: consuming [Float]) -> [Float] {
    guard let standardisation else { return vectors }
    var applied = standardisation.applied(to: vectors)
    guard model.measuresDescriptor else { return applied }
    for start in stride(from: 0, to: applied.count, by: model.dimension) {
      let row = start..<start + model.dimension
      applied.replaceSubrange(row, with: SongDescriptor.searchVector(ofStandardised: Array(applied[row])))
    }
    if case .learnedDescriptor(let learned) = model.method { learned.normalisation.apply(to: &applied) }
    return applied
  }

  /// What a model's vectors tell apart; nothing for a model whose vectors are one whole.
  var aspects: [SoundAspect] { model.hasAspects ? SoundAspect.allCases : [] }
}

extension EmbeddingModel {
  /// The length of its search vectors.
  package var searchDimension: Int { dimension }

  /// Whether its search vectors keep the layout of descriptors, so that a cosine is a sum over aspects.
  package var hasAspects: Bool { measuresDescriptor }

  /// The statistics of a typical collection, if the model knows them.
  var typicalStatistics: Standardisation? {
    guard measuresDescriptor else { return nil }
    return Standardisation(
      means: TypicalDescriptor.means.map(Double.init), scales: TypicalDescriptor.deviations.map { 1 / Double($0) })
  }
}
