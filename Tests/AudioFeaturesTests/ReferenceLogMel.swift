import AudioFeatures
import Foundation

/// The specification of the extractor: the plainest computation, in double precision.
enum ReferenceLogMel {
  /// Absolute decibels, frames × bands.
  static func decibels(of samples: [Float], _ configuration: LogMelConfiguration) throws -> [Double] {
    let size = configuration.fftSize
    let bank = try MelFilterBank(
      sampleRate: configuration.sampleRate, fftSize: size, bandCount: configuration.melBandCount,
      minimumFrequency: configuration.minimumFrequency, maximumFrequency: configuration.maximumFrequency)
    return (0..<configuration.frameCount(ofSampleCount: samples.count)).flatMap { frame in
      let windowed = (0..<size).map { index in
        let place = frame * configuration.hopLength - size / 2 + index
        let sample = samples.indices.contains(place) ? Double(samples[place]) : 0
        return sample * (0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(size)))
      }
      let power = powerSpectrum(of: windowed)
      return bank.bands.map { band in
        let energy = zip(band.weights, power[band.firstBin...]).reduce(0) { $0 + Double($1.0) * $1.1 }
        return 10 * log10(max(1e-10, energy))
      }
    }
  }

  /// `|Σ x[n] exp(-2πikn / N)|²` for k in 0…N/2.
  static func powerSpectrum(of signal: [Double]) -> [Double] {
    let size = signal.count
    let cosines = (0..<size).map { cos(2 * .pi * Double($0) / Double(size)) }
    let sines = (0..<size).map { sin(2 * .pi * Double($0) / Double(size)) }
    return (0...size / 2).map { bin in
      var real = 0.0
      var imaginary = 0.0
      for (index, value) in signal.enumerated() {
        real += value * cosines[index * bin % size]
        imaginary -= value * sines[index * bin % size]
      }
      return real * real + imaginary * imaginary
    }
  }
}
