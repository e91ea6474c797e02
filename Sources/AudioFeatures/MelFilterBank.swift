/// Triangular filters that sum a power spectrum's bins into mel bands.
///
/// Band *b* rises from centre *b - 1* to centre *b* and falls to centre *b + 1*; the centres are equally spaced in
/// mels. The same numbers as `librosa.filters.mel` has, if the triangles' sides are straight over frequency.
public struct MelFilterBank: Sendable, Hashable {
  /// How high triangles are.
  public enum Norm: String, Sendable, Hashable, Codable, CaseIterable {
    /// Of unit area over frequency, so that white noise is equally strong in every band: Slaney's norm, a peak of
    /// `2 / width in Hz`.
    case area
    /// All equally high: 1.
    case peak
  }

  /// Over what the sides of triangles are straight.
  public enum Slopes: String, Sendable, Hashable, Codable, CaseIterable {
    /// Over Hz.
    case frequency
    /// Over mels, as VGGish has them.
    case mel
  }

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
  ///   - norm: how high the triangles are.
  ///   - slopes: over what their sides are straight.
  /// - Throws: ``AudioFeatureError/invalidConfiguration(field:value:requirement:)``.
  public init(
    sampleRate: Int, fftSize: Int, bandCount: Int, minimumFrequency: Double = 0, maximumFrequency: Double? = nil,
    scale: MelScale = .slaney, norm: Norm = .area, slopes: Slopes = .frequency
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
      let (low, centre, high) = (centres[band], centres[band + 1], centres[band + 2])
      return Self.triangle(from: low, to: high, binWidth, binCount, norm) { frequency in
        switch slopes {
        case .frequency: min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
        case .mel:
          // The bands are equally wide in mels.
          1 - abs(scale.mels(of: frequency) - scale.mels(of: centre)) / step
        }
      }
    }
  }

  private static func triangle(
    from low: Double, to high: Double, _ binWidth: Double, _ binCount: Int, _ norm: Norm,
    height: (_ frequency: Double) -> Double
  ) -> Band {
    let peak = norm == .area ? 2 / (high - low) : 1
    let candidates = max(0, Int(low / binWidth))..<min(binCount, Int(high / binWidth) + 2)
    let weights = candidates.map { bin -> Float in
      // librosa rounds to single precision before and after it applies the norm.
      Float(Double(Float(max(0, height(Double(bin) * binWidth)))) * peak)
    }
    guard let first = weights.firstIndex(where: { $0 > 0 }), let last = weights.lastIndex(where: { $0 > 0 }) else {
      return Band(firstBin: 0, weights: [])
    }
    return Band(firstBin: candidates.lowerBound + first, weights: Array(weights[first...last]))
  }
}
