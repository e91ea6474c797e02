import CKernels

extension PackedVectors {
  /// The number of queries that share a pass over the codes, while a block of codes is in the cache.
  static var queriesPerPass: Int { 96 }

  /// The `count` rows most similar to each query.
  /// Damaged rows are left out; the caller throws.
  ///
  /// The codes are scanned in stretches that double in length. Each scan rules out all rows that are certainly no
  /// better than the worst one kept so far; the similarities of the others are computed, in the order of the rows.
  /// Until enough are kept, a level stands in for the worst of them that a sample of the rows says about twice as many
  /// exceed; if that was too high, the search begins anew.
  ///
  /// - Parameter factors: What the similarity of each row is multiplied by, at least 0; nil for 1.
  func nearest(
    to queries: borrowing UnitQueries, count: Int, factors: [Float]? = nil,
    where isIncluded: ((_ query: Int, _ row: Int) -> Bool)?
  ) -> [[(similarity: Float, row: Int)]] {
    let levels = factors == nil ? sampledLevels(for: queries, count: count, where: isIncluded) : []
    let found = search(queries, count: count, factors: factors, levels: levels, where: isIncluded)
    let isTooHigh = levels.indices.contains { levels[$0] > -.infinity && found[$0].count < min(count, self.count) }
    return isTooHigh ? search(queries, count: count, factors: factors, levels: [], where: isIncluded) : found
  }

  /// How many of the sampled rows exceed a level: so many that hardly ever too few of all rows do.
  private static var sampledRank: Int { 20 }

  /// For each query a similarity that about twice `count` of all rows exceed, judged by a sample of them; -∞ if too few of
  /// the sample may be found. None if a sample would cost more than it saves.
  private func sampledLevels(
    for queries: borrowing UnitQueries, count: Int, where isIncluded: ((_ query: Int, _ row: Int) -> Bool)?
  ) -> [Float] {
    let step = 2 * max(1, count) / Self.sampledRank
    // Without a level, about `count` similarities are computed each time that the number of rows doubles.
    guard count >= Self.sampledRank, self.count >= 16 * count, self.count / step <= 2 * count else { return [] }
    let sample = Array(stride(from: step / 2, to: self.count, by: step))
    let blocksPerVector = blocksPerVector
    var levels: [Float] = []
    withUnsafeParts { _, vectors in
      queries.withUnsafeParts { _, queryVectors in
        for query in 0..<queries.count {
          var similarities: [Float] = []
          UnitVector.forEachSimilarity(
            of: queryVectors + query * blocksPerVector, to: vectors,
            rows: sample.lazy.filter { isIncluded?(query, $0) ?? true && isWhole($0) }, blockCount: blocksPerVector
          ) { _, similarity in similarities.append(similarity) }
          similarities.sort(by: >)
          levels.append(similarities.count > 2 * Self.sampledRank ? similarities[Self.sampledRank] : -.infinity)
        }
      }
    }
    return levels
  }

  private func search(
    _ queries: borrowing UnitQueries, count: Int, factors: [Float]?, levels: [Float],
    where isIncluded: ((_ query: Int, _ row: Int) -> Bool)?
  ) -> [[(similarity: Float, row: Int)]] {
    var selections = [TopSelection](repeating: TopSelection(capacity: min(count, self.count)), count: queries.count)
    guard count > 0, queries.count > 0 else { return selections.map { $0.sorted() } }
    let capacity = 1 << 15
    let rowsPerBlock = Int(AKIN_CODE_ROWS)
    let longest = max(1, capacity / rowsPerBlock / queries.count)
    let blocksPerVector = blocksPerVector
    withUnsafeParts { codes, vectors in
      queries.withUnsafeParts { codedQueries, queryVectors in
        withUnsafeTemporaryAllocation(
          of: akin_code_candidate.self, capacity: longest * rowsPerBlock * queries.count
        ) { candidates in
          for query in 0..<queries.count {
            akin_code_query_set_level(&codedQueries[query], Double(levels.isEmpty ? -.infinity : levels[query]))
          }
          let blockCount = (self.count + rowsPerBlock - 1) / rowsPerBlock
          var block = 0
          while block < blockCount {
            let length = min(max(1, block), longest, blockCount - block)
            let found = withUnsafePointer(to: codes) {
              akin_codes_scan(
                $0, Int64(block), Int64(length), codedQueries.baseAddress, Int32(queries.count), candidates.baseAddress)
            }
            // Consecutive candidates of one query share the loads of its vector.
            var rest = candidates[..<Int(found)]
            while let query = rest.first?.query {
              let same = rest.prefix { $0.query == query }
              rest = rest[same.endIndex...]
              let (query, firstRow) = (Int(query), block * rowsPerBlock)
              UnitVector.forEachSimilarity(
                of: queryVectors + query * blocksPerVector, to: vectors,
                // What is left out is not read at all.
                rows: same.lazy.map { firstRow + Int($0.row) }.filter { isIncluded?(query, $0) ?? true && isWhole($0) },
                blockCount: blocksPerVector
              ) { row, product in
                let similarity = factors.map { product * $0[row] } ?? product
                if selections[query].wouldKeep(similarity) { selections[query].keep(similarity, row: row) }
              }
            }
            block += length
            let end = block + min(max(1, block), longest, blockCount - block)
            let next = min(self.count, block * rowsPerBlock)..<min(self.count, end * rowsPerBlock)
            for query in 0..<queries.count {
              guard let worst = selections[query].worstOfAll else { continue }
              akin_code_query_set_level(&codedQueries[query], Self.level(above: worst, factors?[next]))
            }
          }
        }
      }
    }
    return selections.map { $0.sorted() }
  }

  /// The product that a row must exceed to be better than `worst`, whichever of the factors it has.
  private static func level(above worst: Float, _ factors: ArraySlice<Float>?) -> Double {
    guard let factors, let largest = factors.max(), let smallest = factors.min() else { return Double(worst) }
    let factor = worst > 0 ? largest : smallest
    // The product of a row and its factor is rounded.
    return factor > 0 ? Double(worst) / Double(factor) - 1e-6 * abs(Double(worst) / Double(factor)) : -.infinity
  }

  /// Calls `body` with the similarity of each row to a query, in the order of the rows.
  func forEachSimilarity(to query: borrowing UnitQueries, _ body: (Float) -> Void) {
    withUnsafeParts { _, vectors in
      query.withUnsafeParts { _, query in
        UnitVector.forEachSimilarity(
          of: query, to: vectors, rows: 0..<count, blockCount: blocksPerVector
        ) { row, similarity in body(isWhole(row) ? similarity : 0) }
      }
    }
  }
}
