/// What the block-level patterns share: within overlapping blocks of frames the values of each band are sorted, and the
/// 0.9 quantile of each rank over all blocks is taken.
///
/// Sorting forgets when something sounds within the block, and keeps how loud and for how long. Source: Seyerlehner,
/// Widmer and Pohle, *Fusing Block-Level Features for Music Similarity Estimation*, DAFx 2010.
struct SortedBlockPattern {
  /// Frames in a block.
  let length: Int
  /// Frames from one block to the next.
  let hop: Int
  /// How many of the largest values of a block are kept.
  let kept: Int

  private static let quantile = 0.9

  /// The kept ranks band by band, ascending: bands × `kept` values, over the blocks of all excerpts of a song.
  ///
  /// Fewer frames (≥ 1) of an excerpt than one block are repeated to fill it.
  func callAsFunction(of excerpts: [BandAverages]) -> [Float] {
    let blocks = excerpts.flatMap { bands in
      (0...max(0, bands.frameCount - length) / hop).map { (bands: bands, start: $0 * hop) }
    }
    let (blockCount, bandCount) = (blocks.count, excerpts[0].bandCount)
    var block = [Float](repeating: 0, count: length * bandCount)
    // All blocks of one rank after another, so that the values of a quantile are contiguous.
    var ranked = [Float](repeating: 0, count: bandCount * kept * blockCount)
    for (index, (bands, start)) in blocks.enumerated() {
      for row in 0..<length {
        let frame = (start + row) % bands.frameCount
        for band in 0..<bandCount { block[row * bandCount + band] = bands.values[frame * bandCount + band] }
      }
      sortGreatest(&block, bandCount: bandCount)
      for band in 0..<bandCount {
        for rank in 0..<kept {
          ranked[(band * kept + rank) * blockCount + index] = block[(length - kept + rank) * bandCount + band]
        }
      }
    }
    return ranked.withUnsafeMutableBufferPointer { ranked in
      (0..<bandCount * kept).map { rank in
        Quantile.take(Self.quantile, of: .init(rebasing: ranked[rank * blockCount..<(rank + 1) * blockCount]))
      }
    }
  }

  /// Moves the `kept` largest values of each band to the last rows, ascending. All bands go through the same exchanges,
  /// so that the inner loop can be vectorised.
  private func sortGreatest(_ block: inout [Float], bandCount: Int) {
    block.withUnsafeMutableBufferPointer { block in
      for last in stride(from: length - 1, to: length - 1 - kept, by: -1) where last > 0 {
        for row in 0..<last {
          let (low, high) = (row * bandCount, (row + 1) * bandCount)
          for band in 0..<bandCount {
            let (a, b) = (block[low + band], block[high + band])
            block[low + band] = a < b ? a : b
            block[high + band] = a < b ? b : a
          }
        }
      }
    }
  }
}
