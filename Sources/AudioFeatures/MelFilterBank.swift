/// Triangular filters that sum a power spectrum's bins into mel bands.
///
/// Band *b* rises from centre *b - 1* to centre *b* and falls to centre *b + 1*; the centres are equally spaced in
/// mels. Each triangle has unit area over frequency (Slaney's norm: peak `2 / width in Hz`), so that white noise is
/// equally strong in every band. The same numbers as `librosa.filters.mel`.
public struct MelFilterBank: Sendable, Hashable {
  /// One triangle: its run of non-zero weights.
  public struct Band: Sendable, Hashable {
    /// The first bin with a weight.
    public let firstBin: Int
    /// The weights of the bins from `firstBin` on; empty if the triangle falls between two bins.
    public let weights: [Float]
  }

  /// The bands, from low to high.
  public let bands: [Band]

  /// The number of bins of the power spectrum, `fftSize / 2 + 1`.
  public let binCount: Int

  /// Lays the bands out between two frequencies.
  ///
  /// - Parameters:
  ///   - sampleRate: in Hz.
  ///   - fftSize: samples that the transform takes; even.
  ///   - bandCount: number of bands.
  ///   - minimumFrequency: the lower edge of the lowest band, in Hz.
  ///   - maximumFrequency: the upper edge of the highest band, in Hz; nil for half the sample rate.
  ///   - scale: the scale on which the bands are equally wide.
  /// - Throws: ``AudioFeatureError/invalidConfiguration(field:value:requirement:)``.
  public init(
    sampleRate: Int, fftSize: Int, bandCount: Int, minimumFrequency: Double = 0, maximumFrequency: Double? = nil,
    scale: MelScale = .slaney
  ) throws(AudioFeatureError) {
    let maximumFrequency = maximumFrequency ?? Double(sampleRate) / 2
    try SpectrumLimits.check(sampleRate: sampleRate, fftSize: fftSize, hopLength: 1, melBandCount: bandCount)
    try SpectrumLimits.check(minimumFrequency: minimumFrequency, maximumFrequency: maximumFrequency, of: sampleRate)

    let lowest = scale.mels(of: minimumFrequency)
    let step = (scale.mels(of: maximumFrequency) - lowest) / Double(bandCount + 1)
    let centres = (0..<bandCount + 2).map { scale.frequency(ofMels: lowest + Double($0) * step) }
    let binWidth = Double(sampleRate) / Double(fftSize)
    binCount = fftSize / 2 + 1
    bands = (0..<bandCount).map { [binCount] band in
      Self.triangle(from: centres[band], over: centres[band + 1], to: centres[band + 2], binWidth, binCount)
    }
  }

  private static func triangle(
    from low: Double, over centre: Double, to high: Double, _ binWidth: Double, _ binCount: Int
  ) -> Band {
    let norm = 2 / (high - low)
    let candidates = max(0, Int(low / binWidth))..<min(binCount, Int(high / binWidth) + 2)
    let weights = candidates.map { bin -> Float in
      let frequency = Double(bin) * binWidth
      let height = min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
      // librosa rounds to single precision before and after it applies the norm.
      return Float(Double(Float(max(0, height))) * norm)
    }
    guard let first = weights.firstIndex(where: { $0 > 0 }), let last = weights.lastIndex(where: { $0 > 0 }) else {
      return Band(firstBin: 0, weights: [])
    }
    return Band(firstBin: candidates.lowerBound + first, weights: Array(weights[first...last]))
  }
}
