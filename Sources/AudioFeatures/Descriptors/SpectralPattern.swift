/// The spectra of a quarter of a second: 32 bands in blocks of 5 frames, 2 apart: see ``SortedBlockPattern``. In dB
/// relative to the song's maximum.
enum SpectralPattern {
  static let bandCount = 32
  static let count = bandCount * pattern.kept
  private static let pattern = SortedBlockPattern(length: 5, hop: 2, kept: 5)

  static func values(of bands: [BandAverages]) -> [Float] { pattern(of: bands) }
}
