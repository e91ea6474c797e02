/// How strongly and how often bands set in: the rises from frame to frame of 32 bands, in blocks of 12 frames, 3 apart,
/// of which the 7 largest values are kept: see ``SortedBlockPattern``. In dB.
enum DeltaSpectralPattern {
  static let count = SpectralPattern.bandCount * pattern.kept
  private static let pattern = SortedBlockPattern(length: 12, hop: 3, kept: 7)

  static func values(of bands: [BandAverages]) -> [Float] { pattern(of: bands.map(\.rises)) }
}
