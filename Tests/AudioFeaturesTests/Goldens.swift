import AudioFeatures
import Foundation
import Testing

/// What `Tests/Goldens/features.py` wrote.
struct Goldens: Decodable {
  struct LogMelCase: Decodable, Sendable, CustomTestStringConvertible {
    let signal: TestSignal
    let sampleRate: Int
    let sampleCount: Int
    let fftSize: Int
    let hopLength: Int
    let melBandCount: Int
    let frameCount: Int
    let offset: Int

    var testDescription: String {
      "\(signal), \(sampleCount) samples at \(sampleRate) Hz, FFT \(fftSize), hop \(hopLength), \(melBandCount) bands"
    }
  }

  struct StatisticsCase: Decodable, Sendable, CustomTestStringConvertible {
    let signal: TestSignal
    let sampleRate: Int
    let sampleCount: Int
    let offset: Int

    var testDescription: String { "\(signal), \(sampleCount) samples at \(sampleRate) Hz" }
  }

  struct ClipCase: Decodable, Sendable, CustomTestStringConvertible {
    /// Relative to the folder of the data.
    let file: String
    let sampleRate: Int
    let sampleCount: Int
    let frameCount: Int
    let offset: Int
    let statisticsOffset: Int

    var testDescription: String { file }
  }

  let logMel: [LogMelCase]
  let statistics: [StatisticsCase]
  let clips: [ClipCase]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens")

  static func load() throws -> Goldens {
    try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: folder.appending(path: "features.json")))
  }

  static func array(_ name: String) throws -> NumPyArray {
    try NumPyArray(contentsOf: folder.appending(path: "features-\(name).npy"))
  }
}

/// The largest and the mean absolute difference.
func differences(_ values: some Collection<Float>, _ expected: some Collection<Float>) -> (greatest: Float, mean: Float)
{
  let differences = zip(values, expected).map { abs($0 - $1) }
  // A maximum would hide NaN.
  guard differences.allSatisfy(\.isFinite) else { return (.infinity, .infinity) }
  return (differences.max() ?? 0, differences.reduce(0, +) / Float(max(1, differences.count)))
}
