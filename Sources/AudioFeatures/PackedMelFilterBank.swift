import CKernels

/// Owns a mel filter bank in the layout that the kernels read.
struct PackedMelFilterBank: ~Copyable {
  let paddedBandCount: Int
  private let firstBins: UnsafeMutablePointer<Int32>
  private let weightCounts: UnsafeMutablePointer<Int32>
  private let weights: AlignedFloats
  private let bank: UnsafeMutablePointer<akin_mel_bank>

  init(_ filterBank: MelFilterBank) {
    let lanes = Int(akin_mel_lane_count)
    func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

    paddedBandCount = padded(filterBank.bands.count)
    firstBins = .allocate(capacity: paddedBandCount)
    firstBins.initialize(repeating: 0, count: paddedBandCount)
    weightCounts = .allocate(capacity: paddedBandCount)
    weightCounts.initialize(repeating: 0, count: paddedBandCount)
    var weights: [Float] = []
    for (index, band) in filterBank.bands.enumerated() {
      firstBins[index] = Int32(band.firstBin)
      weightCounts[index] = Int32(padded(band.weights.count))
      weights += band.weights
      weights += [Float](repeating: 0, count: padded(band.weights.count) - band.weights.count)
    }
    self.weights = AlignedFloats(weights)
    bank = .allocate(capacity: 1)
    bank.initialize(
      to: akin_mel_bank(
        paddedBandCount: Int32(paddedBandCount), firstBins: firstBins, weightCounts: weightCounts,
        weights: self.weights.pointer))
  }

  deinit {
    bank.deallocate()
    weightCounts.deallocate()
    firstBins.deallocate()
  }

  func withUnsafeBank<Result>(_ body: (UnsafePointer<akin_mel_bank>) -> Result) -> Result { body(bank) }
}
