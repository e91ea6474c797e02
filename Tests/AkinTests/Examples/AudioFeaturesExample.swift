import AudioFeatures
import Foundation

/// Writes the log-mel spectrogram of mono samples at 22,050 Hz as a NumPy file: frames × 128 mel bands, in dB.
func writeLogMel(of samples: [Float], to file: URL) throws {
  let extractor = try LogMelExtractor()
  let spectrogram = extractor.spectrogram(of: samples)
  try NumPyArray(spectrogram).write(to: file)
}
