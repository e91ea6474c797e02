/// What two songs may share: parts of a ``SongDescriptor`` that say something of one kind, or what a network hears beside
/// it.
public enum SoundAspect: String, CaseIterable, Sendable, Hashable, Codable, CodingKeyRepresentable {
  /// The colour of the sound: which instruments and voices, and how they were recorded.
  case timbre
  /// Which bands sound for a moment, and how strongly they set in.
  case spectrum
  /// How fast bands pulsate.
  case rhythm
  /// What kind of music it is, as a network hears that is joined with the descriptor.
  case character

  /// The aspects of a descriptor, in the order of its values.
  public static let ofDescriptor: [SoundAspect] = [.timbre, .spectrum, .rhythm]

  /// Its parts of a descriptor, which follow each other; none for ``character``.
  public var parts: [DescriptorPart] {
    switch self {
    case .timbre: [.cepstralMeans, .cepstralCovariance]
    case .spectrum: [.spectralPattern, .deltaSpectralPattern]
    case .rhythm: [.fluctuationPattern]
    case .character: []
    }
  }

  /// The indices of its values in a descriptor, and in the search vector of one; empty for ``character``.
  public var range: Range<Int> {
    guard let first = parts.first, let last = parts.last else { return 0..<0 }
    return first.range.lowerBound..<last.range.upperBound
  }

  /// How much it counts in the cosine of the search vectors of two descriptors: the square of the length that
  /// ``SongDescriptor/searchVector(ofStandardised:)`` gives it. 0 for ``character``, which counts as much as the network
  /// that it is heard by.
  public var standardWeight: Float {
    switch self {
    case .timbre: SongDescriptor.cepstralLength * SongDescriptor.cepstralLength
    case .spectrum, .rhythm: Float(parts.count) * SongDescriptor.patternLength * SongDescriptor.patternLength
    case .character: 0
    }
  }
}
