/// What two songs may share: parts of a ``SongDescriptor`` that say something of one kind.
public enum SoundAspect: String, CaseIterable, Sendable, Hashable, Codable {
  /// The colour of the sound: which instruments and voices, and how they were recorded.
  case timbre
  /// Which bands sound for a moment, and how strongly they set in.
  case spectrum
  /// How fast bands pulsate.
  case rhythm

  /// Its parts, which follow each other.
  public var parts: [DescriptorPart] {
    switch self {
    case .timbre: [.cepstralMeans, .cepstralCovariance]
    case .spectrum: [.spectralPattern, .deltaSpectralPattern]
    case .rhythm: [.fluctuationPattern]
    }
  }

  /// The indices of its values in a descriptor, and in a search vector.
  public var range: Range<Int> {
    parts[0].range.lowerBound..<parts[parts.count - 1].range.upperBound
  }

  /// How much it counts in the cosine of two search vectors: the square of the length that
  /// ``SongDescriptor/searchVector(ofStandardised:)`` gives it.
  public var standardWeight: Float {
    switch self {
    case .timbre: SongDescriptor.cepstralLength * SongDescriptor.cepstralLength
    case .spectrum, .rhythm: Float(parts.count) * SongDescriptor.patternLength * SongDescriptor.patternLength
    }
  }
}
