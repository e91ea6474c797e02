import CKernels

/// The log-mel spectrogram that descriptors and fingerprints are made of, from samples at 22,050 Hz: 256 mel bands,
/// frames of 2048 samples, 1024 apart, in dB relative to the song's maximum with a floor 80 dB below it, so that
/// loudness does not count.
final class FineMelExtractor {
  /// In Hz.
  static let sampleRate = 22_050
  static let bandCount = 256
  static let hopLength = 1024
  /// In dB.
  static let dynamicRange: Float = 80

  private static let fftSize = 2048

  private let analyser: MelAnalyser
  private let kernels: KernelChoice

  init(kernels: KernelChoice) throws(AudioFeatureError) {
    self.kernels = kernels
    let bank = try MelFilterBank(sampleRate: Self.sampleRate, fftSize: Self.fftSize, bandCount: Self.bandCount)
    analyser = try MelAnalyser(fftSize: Self.fftSize, hopLength: Self.hopLength, bank: bank, kernels: kernels)
  }

  /// Decibels in -`dynamicRange`...0, frames × `bandCount`.
  func decibels(of samples: UnsafeBufferPointer<Float>) -> [Float] {
    var decibels = analyser.decibels(of: samples)
    makeRelative(&decibels, to: maximum(of: decibels))
    return decibels
  }

  /// The same of each of several excerpts of a song, relative to the loudest of them.
  func decibels(of excerpts: [[Float]]) -> [[Float]] {
    var decibels = excerpts.map { samples in samples.withUnsafeBufferPointer { analyser.decibels(of: $0) } }
    let loudest = decibels.map(maximum(of:)).max() ?? 0
    for index in decibels.indices { makeRelative(&decibels[index], to: loudest) }
    return decibels
  }

  private func maximum(of decibels: [Float]) -> Float {
    decibels.withUnsafeBufferPointer { decibels in
      decibels.baseAddress.map { kernels.melKernels.maximum($0, Int64(decibels.count)) } ?? -.infinity
    }
  }

  private func makeRelative(_ decibels: inout [Float], to maximum: Float) {
    let loops = kernels.melKernels
    decibels.withUnsafeMutableBufferPointer { decibels in
      guard let first = decibels.baseAddress else { return }
      loops.subtract_and_floor(first, maximum, -Self.dynamicRange, first, Int64(decibels.count))
    }
  }
}
