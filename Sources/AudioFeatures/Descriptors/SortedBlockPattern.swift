/// What the block-level patterns share (Seyerlehner, Widmer and Pohle, *Fusing block-level features for music similarity
/// estimation*, DAFx 2010): within overlapping blocks of frames each band's values are sorted, and over the blocks the 0.9
/// quantile of each rank is taken.
///
/// Sorting forgets when something sounds within the block, and keeps how strong and for how long.
struct SortedBlockPattern {
  /// Frames a block.
  let length: Int
  /// Frames from a block to the next.
  let hop: Int
  /// How many of the greatest values of a block count.
  let kept: Int

  private static let quantile = 0.9

  /// Band by band the ranks that count, ascending: bands × `kept` values.
  ///
  /// Fewer frames (≥ 1) than one block are repeated.
  func callAsFunction(of bands: BandAverages) -> [Float] {
    let blockCount = max(0, bands.frameCount - length) / hop + 1
    let bandCount = bands.bandCount
    var block = [Float](repeating: 0, count: length * bandCount)
    // Rank by rank all blocks, so that a quantile's values are neighbours.
    var ranked = [Float](repeating: 0, count: bandCount * kept * blockCount)
    for index in 0..<blockCount {
      for row in 0..<length {
        let frame = (index * hop + row) % bands.frameCount
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

  /// Moves the `kept` greatest values of each band to the last rows, ascending. All bands at once: the same exchanges suit
  /// every band, so that the inner loop is one of vectors.
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
