import Reproducibility

/// Moves vectors towards their nearest neighbours in a collection, so that items are also found through their
/// neighbours, and peculiarities of a single item count less:
///
///     x' = x + w / k · (sum of the k nearest to x),   scaled to length 1
///
/// For the vectors of the collection this is database-side feature augmentation (Turcot and Lowe, 2009; Arandjelović
/// and Zisserman, CVPR 2012), for a query it is average query expansion (Chum et al., ICCV 2007). The nearest are those
/// whose similarity is most unusual for both (`MutualProximityCorrection`), without copies: neither of the item itself,
/// nor of one another. So copies are moved alike, and move nobody more than one of them would.
public struct NeighborAugmentation: Sendable {
  /// k, the number of neighbours.
  public var neighborCount: Int
  /// w, the weight of all neighbours together.
  public var weight: Float

  /// A collection of n distinct items uses at most n / `itemsPerNeighbor` neighbours, since the neighbours would be most of a
  /// small collection; missing neighbours add nothing.
  public static let itemsPerNeighbor = 20
  /// The number of vectors of a larger collection among which neighbours are sought.
  public static let sampleSize = 5000
  /// How many vectors with the largest cosine are compared by the corrected similarity.
  private static let candidateCount = 40

  /// An augmentation by `neighborCount` neighbours with a total weight.
  public init(neighborCount: Int, weight: Float) {
    self.neighborCount = neighborCount
    self.weight = weight
  }

  /// The moved vectors of a collection, row by row. Uses all processors; the result does not depend on their number.
  ///
  /// O(count × min(count, `sampleSize`) × dimension).
  public func applied(
    to vectors: PackedVectors, correctedBy correction: MutualProximityCorrection
  ) throws(NearestNeighborsError) -> [Float] {
    let (count, dimension) = (vectors.count, vectors.dimension)
    let sample = try Sample(of: vectors, rows: correction.copies.sample(Self.sampleSize).sorted())
    return [Float](unsafeUninitializedCapacity: count * dimension) { output, initialized in
      Parallel.forEachRange(of: count, size: PackedVectors.queriesPerPass, threads: Parallel.processorCount) { rows in
        var moved = rows.flatMap(vectors.values)
        let queries = UnitQueries(moved[...], dimension: dimension)
        let found = sample.vectors.nearest(to: queries, count: Self.candidateCount) {
          sample.rows[$1] != rows.lowerBound + $0
        }
        for (offset, candidates) in found.enumerated() {
          add(
            candidates.map { (similarity: $0.similarity, row: sample.rows[$0.row]) }, of: vectors,
            correctedBy: correction,
            correction.statistics[rows.lowerBound + offset],
            to: &moved[offset * dimension..<(offset + 1) * dimension])
        }
        _ = output[rows.lowerBound * dimension..<rows.upperBound * dimension].initialize(fromContentsOf: moved)
      }
      initialized = count * dimension
    }
  }

  /// A query from outside of the collection, moved towards its neighbours in it.
  ///
  /// - Parameters:
  ///   - query: The vector, of the collection's dimension.
  ///   - vectors: The collection.
  ///   - correction: The correction of the collection's vectors.
  ///   - excluded: A row that does not count as a neighbour; nil for none.
  public func applied(
    to query: [Float], in vectors: PackedVectors, correctedBy correction: MutualProximityCorrection,
    excluding excluded: Int?
  ) -> [Float] {
    let unit = UnitQueries(query[...], dimension: vectors.dimension)
    let statistics = correction.statistics(of: unit, in: vectors, excluding: excluded)
    let candidates = vectors.nearest(to: unit, count: Self.candidateCount) {
      $1 != excluded && correction.copies.isFirst($1)
    }
    var moved: [Float] = []
    unit.withUnsafeParts { _, blocks in
      moved = PackedVectors.values(UnsafeRawPointer(blocks), dimension: vectors.dimension)
    }
    add(candidates.flatMap { $0 }, of: vectors, correctedBy: correction, statistics, to: &moved[...])
    return moved
  }

  /// Adds the nearest of the candidates.
  private func add(
    _ candidates: [(similarity: Float, row: Int)], of vectors: PackedVectors,
    correctedBy correction: MutualProximityCorrection,
    _ statistics: SimilarityStatistics, to moved: inout ArraySlice<Float>
  ) {
    let nearest = correction.mostUnusual(
      candidates.filter { $0.similarity < MutualProximityCorrection.identity }, of: statistics
    )
    .prefix(min(neighborCount, correction.copies.distinctRows.count / Self.itemsPerNeighbor))
    let start = moved.startIndex
    for row in nearest {
      for (index, value) in vectors.values(ofRow: row).enumerated() {
        moved[start + index] += weight / Float(neighborCount) * value
      }
    }
  }
}

/// Vectors that stand for the whole collection.
private struct Sample {
  /// Their rows in the collection, in ascending order.
  let rows: [Int]
  let vectors: PackedVectors

  init(of all: PackedVectors, rows: [Int]) throws(NearestNeighborsError) {
    self.rows = rows
    vectors = rows.count == all.count ? all : try PackedVectors(rows.flatMap(all.values), dimension: all.dimension)
  }
}

extension PackedVectors {
  /// The vector of a row, with length 1 or 0; of zeros if it is damaged: see `throwIfDamaged`.
  public func values(ofRow row: Int) -> [Float] {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    guard isWhole(row) else { return [Float](repeating: 0, count: dimension) }
    var values: [Float] = []
    withUnsafeParts { _, vectors in
      values = Self.values(UnsafeRawPointer(vectors + row * blocksPerVector), dimension: dimension)
    }
    return values
  }

  fileprivate static func values(_ blocks: UnsafeRawPointer, dimension: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: blocks.assumingMemoryBound(to: Float.self), count: dimension))
  }
}
