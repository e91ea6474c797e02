import Reproducibility

/// Moves vectors towards their nearest neighbours in a collection, so that items are also found by way of what lies around
/// them, and what is odd about one of them counts less:
///
///     x' = x + w / k · (the k nearest to x),   to length 1
///
/// For the vectors of the collection this is database-side feature augmentation (Turcot and Lowe, 2009; Arandjelović and
/// Zisserman, CVPR 2012), for a query average query expansion (Chum et al., ICCV 2007). The nearest are those of the largest
/// corrected similarity (`HubCorrection`), the same item again left out.
public struct NeighborAugmentation: Sendable {
  /// k.
  public var neighborCount: Int
  /// w, the weight of all neighbours together.
  public var weight: Float

  /// In a small collection the neighbours would be most of it: it has no more of them than one for so many items, and those
  /// that are missing do not count.
  public static let itemsPerNeighbor = 20
  /// The neighbours are sought among so many vectors, spread evenly over a larger collection.
  public static let sampleSize = 5000
  /// Those with the largest cosine, of which the corrected similarity is taken.
  private static let candidateCount = 40

  /// An augmentation by `neighborCount` neighbours.
  public init(neighborCount: Int, weight: Float) {
    self.neighborCount = neighborCount
    self.weight = weight
  }

  /// The vectors of a collection, moved; row by row. Uses all processors; the result does not depend on their number.
  ///
  /// O(count × min(count, `sampleSize`) × dimension).
  public func applied(
    to vectors: PackedVectors, correcting hubs: HubCorrection
  ) throws(NearestNeighborsError) -> [Float] {
    let (count, dimension) = (vectors.count, vectors.dimension)
    let sample = try Sample(of: vectors, size: Self.sampleSize)
    return [Float](unsafeUninitializedCapacity: count * dimension) { output, initialized in
      Parallel.forEachRange(of: count, size: PackedVectors.queriesPerPass, threads: Parallel.processorCount) { rows in
        var moved = rows.flatMap(vectors.values)
        let queries = UnitQueries(moved[...], dimension: dimension)
        let found = sample.vectors.nearest(to: queries, count: Self.candidateCount) {
          sample.rows[$1] != rows.lowerBound + $0
        }
        for (place, candidates) in found.enumerated() {
          add(
            candidates.map { (similarity: $0.similarity, row: sample.rows[$0.row]) }, of: vectors, correcting: hubs,
            hubs.statistics[rows.lowerBound + place], to: &moved[place * dimension..<(place + 1) * dimension])
        }
        _ = output[rows.lowerBound * dimension..<rows.upperBound * dimension].initialize(fromContentsOf: moved)
      }
      initialized = count * dimension
    }
  }

  /// A query that is none of the collection's vectors, moved towards its neighbours among them.
  ///
  /// - Parameters:
  ///   - query: The vector, of the collection's dimension.
  ///   - vectors: The collection.
  ///   - hubs: The correction of the collection's vectors.
  ///   - excluded: a row that is not to be among these.
  public func applied(
    to query: [Float], in vectors: PackedVectors, correcting hubs: HubCorrection, excluding excluded: Int?
  ) -> [Float] {
    let unit = UnitQueries(query[...], dimension: vectors.dimension)
    let statistics = hubs.statistics(of: unit, in: vectors, excluding: excluded)
    let candidates = vectors.nearest(to: unit, count: Self.candidateCount) { $1 != excluded }
    var moved: [Float] = []
    unit.withUnsafeParts { _, blocks in
      moved = PackedVectors.values(UnsafeRawPointer(blocks), dimension: vectors.dimension)
    }
    add(candidates.flatMap { $0 }, of: vectors, correcting: hubs, statistics, to: &moved[...])
    return moved
  }

  /// Adds the nearest of the candidates.
  private func add(
    _ candidates: [(similarity: Float, row: Int)], of vectors: PackedVectors, correcting hubs: HubCorrection,
    _ statistics: SimilarityStatistics, to moved: inout ArraySlice<Float>
  ) {
    let nearest = hubs.ranked(candidates.filter { $0.similarity < HubCorrection.identity }, of: statistics)
      .prefix(min(neighborCount, vectors.count / Self.itemsPerNeighbor))
    let start = moved.startIndex
    for neighbor in nearest {
      for (place, value) in vectors.values(ofRow: neighbor.row).enumerated() {
        moved[start + place] += weight / Float(neighborCount) * value
      }
    }
  }
}

/// Vectors that stand for all.
private struct Sample {
  /// Their rows in the collection.
  let rows: [Int]
  let vectors: PackedVectors

  init(of all: PackedVectors, size: Int) throws(NearestNeighborsError) {
    rows = all.evenlySpreadRows(size)
    vectors = rows.count == all.count ? all : try PackedVectors(rows.flatMap(all.values), dimension: all.dimension)
  }
}

extension PackedVectors {
  /// The vector of a row, of length 1 or 0.
  public func values(ofRow row: Int) -> [Float] {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
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
