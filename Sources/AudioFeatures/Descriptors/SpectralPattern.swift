/// The spectra that sound for a quarter of a second: blocks of 5 frames, every other frame, of 32 bands: see
/// ``SortedBlockPattern``. In dB under the song's maximum.
enum SpectralPattern {
  static let bandCount = 32
  static let count = bandCount * pattern.kept
  private static let pattern = SortedBlockPattern(length: 5, hop: 2, kept: 5)

  static func values(of bands: BandAverages) -> [Float] { pattern(of: bands) }
}
