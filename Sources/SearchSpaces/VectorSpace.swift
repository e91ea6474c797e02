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
  /// The statistics of the collection, if the model's vectors, or those of some of its parts, are standardised.
  package let standardisation: Standardisation?
  /// What was learned for the library, in the order in which it is applied.
  package let changes: [SpaceChange]
  private let model: EmbeddingModel

  /// The length of a vector in this space.
  var dimension: Int { model.searchDimension }

  /// How the model refines a search.
  var refinement: SearchRefinement? { model.refinement }

  /// What a model's vectors tell apart; nothing for a model whose vectors are one whole.
  package let aspects: [SpaceAspect]

  /// While a collection is small, its statistics lean on what is typical: as if it had this many typical songs as well.
  /// Of 1 to 100, 3 measured best in collections of 4 to 50 songs, and all alike in larger ones (docs/descriptors.md).
  fileprivate static let typicalSongs = 3.0

  /// The space of a model with these statistics, which are given if it standardises; nil if they do not fit it.
  package init?(model: EmbeddingModel, standardisation: Standardisation?, changes: [SpaceChange] = []) {
    guard model.standardisesCollection == (standardisation != nil),
      standardisation.map({ $0.dimension == model.dimension }) ?? true
    else { return nil }
    self.model = model
    self.changes = changes
    self.standardisation = standardisation
    aspects = model.aspects
  }

  /// The space of a collection's `count` vectors, of which copies count once.
  package init(
    model: EmbeddingModel, fitting vectors: [Float], count: Int, copies: Copies? = nil, changes: [SpaceChange] = []
  ) throws(NearestNeighborsError) {
    self.model = model
    aspects = model.aspects
    self.changes = changes
    guard model.standardisesCollection else {
      standardisation = nil
      return
    }
    let own = try Standardisation(fitting: vectors, count: count, dimension: model.dimension, copies: copies)
    standardisation = model.statistics(own: own, count: Double(copies?.distinctRows.count ?? count))
  }

  /// One or several vectors in this space, row by row.
  package func applied(to vectors: consuming [Float]) -> [Float] {
    var applied = vectors
    standardisation?.apply(to: &applied)
    model.transform(&applied)
    for change in changes { change.apply(to: &applied) }
    return applied
  }
}

extension EmbeddingModel {
  /// The length of its search vectors.
  package var searchDimension: Int { dimension }

  /// The statistics that its vectors are standardised with in a collection: the collection's own, pooled with typical
  /// ones if the model knows them; for a part that is not standardised, those that change nothing.
  fileprivate func statistics(own: Standardisation, count: Double) -> Standardisation {
    if case .joined(let joined) = method {
      var (means, scales): ([Double], [Double]) = ([], [])
      for (part, range) in zip(joined.parts, joined.ranges) {
        guard let sliced = Standardisation(means: Array(own.means[range]), scales: Array(own.scales[range])) else {
          preconditionFailure("statistics of finite vectors are finite")
        }
        let statistics = part.model.statistics(own: sliced, count: count)
        means += statistics.means
        scales += statistics.scales
      }
      guard let all = Standardisation(means: means, scales: scales) else {
        preconditionFailure("statistics of finite vectors are finite")
      }
      return all
    }
    guard standardisesCollection else {
      let dimension = own.dimension
      guard
        let identity = Standardisation(
          means: [Double](repeating: 0, count: dimension), scales: [Double](repeating: 1, count: dimension))
      else { preconditionFailure("zeros and ones are finite") }
      return identity
    }
    guard let typical = typicalStatistics else { return own }
    return own.pooled(count: count, with: typical, count: VectorSpace.typicalSongs)
  }

  /// Turns standardised vectors, row by row, into those whose cosine says how alike songs are.
  fileprivate func transform(_ vectors: inout [Float]) {
    switch method {
    case .descriptor: Self.weighDescriptors(&vectors)
    case .learnedDescriptor(let learned):
      Self.weighDescriptors(&vectors)
      learned.normalisation.apply(to: &vectors)
    case .joined(let joined): Self.transform(&vectors, of: joined)
    case .mfcc, .network, .character, .imported, .foreign: break
    }
  }

  private static func weighDescriptors(_ vectors: inout [Float]) {
    for start in stride(from: 0, to: vectors.count, by: SongDescriptor.count) {
      let row = start..<start + SongDescriptor.count
      vectors.replaceSubrange(row, with: SongDescriptor.searchVector(ofStandardised: Array(vectors[row])))
    }
  }

  /// So many rows are transformed at a time, so that no second form of a whole collection is in memory.
  private static let blockSize = 256

  /// Each part as its own model has it, then with the length √weight, so that the cosine of the whole is the weighted mean
  /// of the parts' cosines.
  private static func transform(_ vectors: inout [Float], of joined: JoinedModel) {
    let dimension = joined.dimension
    let count = vectors.count / dimension
    for first in stride(from: 0, to: count, by: blockSize) {
      let rows = first..<min(first + blockSize, count)
      for (part, range) in zip(joined.parts, joined.ranges) {
        var values = rows.flatMap { vectors[$0 * dimension + range.lowerBound..<$0 * dimension + range.upperBound] }
        part.model.transform(&values)
        for (place, row) in rows.enumerated() {
          let own = values[place * range.count..<(place + 1) * range.count]
          let square = own.reduce(0.0) { $0 + Double($1) * Double($1) }
          let factor = square > 0 ? Float((part.weight / square).squareRoot()) : 0
          for (column, value) in zip(range, own) { vectors[row * dimension + column] = value * factor }
        }
      }
    }
  }

  /// The statistics of a typical collection, if the model knows them.
  private var typicalStatistics: Standardisation? {
    if case .character(let model) = method {
      let content = model.content
      return Standardisation(
        means: content.typicalMeans.map(Double.init), scales: content.typicalDeviations.map { 1 / Double($0) })
    }
    guard measuresDescriptor else { return nil }
    return Standardisation(
      means: TypicalDescriptor.means.map(Double.init), scales: TypicalDescriptor.deviations.map { 1 / Double($0) })
  }
}
