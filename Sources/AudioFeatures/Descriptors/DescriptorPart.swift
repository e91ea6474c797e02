/// The parts of a ``SongDescriptor``, in their order.
public enum DescriptorPart: String, CaseIterable, Sendable, Codable {
  /// The mean of each of 32 cepstral coefficients: see `CovarianceDescriptor`. 32 values.
  case cepstralMeans
  /// How the coefficients and their differences vary together: see `CovarianceDescriptor`. 903 values.
  case cepstralCovariance
  /// Which spectra sound for a moment: see `SpectralPattern`. 32 bands × 5.
  case spectralPattern
  /// How bands set in: see `DeltaSpectralPattern`. 32 bands × 7.
  case deltaSpectralPattern
  /// How fast bands pulsate, the rhythm: see `FluctuationPattern`. 16 bands × 24.
  case fluctuationPattern

  /// The indices of its values in a descriptor.
  public var range: Range<Int> {
    let start = Self.allCases.prefix { $0 != self }.reduce(0) { $0 + $1.count }
    return start..<start + count
  }

  /// The number of its values.
  public var count: Int {
    switch self {
    case .cepstralMeans: CovarianceDescriptor.coefficientCount
    case .cepstralCovariance: CovarianceDescriptor.covarianceCount
    case .spectralPattern: SpectralPattern.count
    case .deltaSpectralPattern: DeltaSpectralPattern.count
    case .fluctuationPattern: FluctuationPattern.count
    }
  }
}
