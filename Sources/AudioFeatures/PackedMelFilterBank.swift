import CKernels

/// Owns a mel filter bank in the layout that the kernels read.
struct PackedMelFilterBank: ~Copyable {
  /// The number of bands, rounded up to whole groups.
  let paddedBandCount: Int
  private let firstBins: UnsafeMutablePointer<Int32>
  private let weightCounts: UnsafeMutablePointer<Int32>
  private let weights: AlignedFloats
  private let bank: UnsafeMutablePointer<akin_mel_bank>

  init(_ filterBank: MelFilterBank) {
    let groups = Self.groups(of: filterBank)
    paddedBandCount = groups.count * Self.lanes
    firstBins = .allocate(capacity: paddedBandCount)
    weightCounts = .allocate(capacity: groups.count)
    for (index, group) in groups.enumerated() {
      (firstBins + index * Self.lanes).initialize(from: group.firstBins, count: Self.lanes)
      (weightCounts + index).initialize(to: Int32(group.weightCount))
    }
    weights = AlignedFloats(groups.flatMap(\.weights))
    bank = .allocate(capacity: 1)
    bank.initialize(
      to: akin_mel_bank(
        paddedBandCount: Int32(paddedBandCount), firstBins: firstBins, weightCounts: weightCounts,
        weights: weights.pointer))
  }

  deinit {
    bank.deallocate()
    weightCounts.deallocate()
    firstBins.deallocate()
  }

  /// Calls `body` with the bank, which is valid during the call only.
  func withUnsafeBank<Result>(_ body: (UnsafePointer<akin_mel_bank>) -> Result) -> Result { body(bank) }

  static let lanes = Int(akin_mel_lane_count)

  /// `count` rounded up to whole vectors.
  static func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

  private struct Group {
    let firstBins: [Int32]
    let weightCount: Int
    /// `weightCount / lanes` × bands × lanes.
    let weights: [Float]
  }

  private static func groups(of filterBank: MelFilterBank) -> [Group] {
    stride(from: 0, to: filterBank.bands.count, by: lanes).map { first in
      let bands = filterBank.bands[first...].prefix(lanes)
      let count = padded(bands.map(\.weights.count).max() ?? 0)
      // A run that would reach too far past the last bin begins earlier, with zero weights.
      let lastStart = padded(filterBank.binCount) - count
      let runs = bands.map { band in
        let start = min(band.firstBin, lastStart)
        let leading = [Float](repeating: 0, count: band.firstBin - start)
        let trailing = [Float](repeating: 0, count: count - leading.count - band.weights.count)
        return (start: Int32(start), weights: leading + band.weights + trailing)
      }
      let empty = (start: Int32(0), weights: [Float](repeating: 0, count: count))
      let full = runs + Array(repeating: empty, count: lanes - runs.count)
      return Group(
        firstBins: full.map(\.start), weightCount: count,
        weights: stride(from: 0, to: count, by: lanes).flatMap { start in
          full.flatMap { $0.weights[start..<start + lanes] }
        })
    }
  }
}
