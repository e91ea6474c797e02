import AudioFeatures
import Foundation
import Testing

@Suite struct ConfigurationTests {
  @Test func defaultsAreTheDesigns() throws {
    let logMel = LogMelConfiguration()
    #expect(try LogMelConfiguration(sampleRate: 22_050) == logMel)
    #expect(
      try logMel
        == LogMelConfiguration(
          sampleRate: 22_050, fftSize: 2048, hopLength: 512, melBandCount: 128, minimumFrequency: 0,
          maximumFrequency: 11_025))
    let mfcc = MFCCConfiguration()
    #expect(try mfcc == MFCCConfiguration(fftSize: 2048, hopLength: 512, melBandCount: 128, coefficientCount: 20))
    #expect(mfcc.statisticCount == 140)
  }

  @Test func halfTheSampleRateIsTheTop() throws {
    #expect(try LogMelConfiguration(sampleRate: 8000).maximumFrequency == 4000)
  }

  @Test func anExcerptsSamplesMakeItsFrames() throws {
    let configuration = LogMelConfiguration()
    #expect(configuration.sampleCount(ofFrameCount: 640) == 639 * 512 + 2048)
    #expect(configuration.frameCount(ofSampleCount: configuration.sampleCount(ofFrameCount: 640)) >= 640)
  }

  @Test(arguments: [
    ("sampleRate", 0), ("sampleRate", -1), ("sampleRate", Int.max), ("fftSize", 0), ("fftSize", 1023), ("fftSize", 8),
    ("fftSize", 1 << 40), ("hopLength", 0), ("hopLength", -5), ("melBandCount", 0), ("melBandCount", Int.min),
    ("minimumFrequency", -1), ("minimumFrequency", 11_025), ("maximumFrequency", 11_026), ("maximumFrequency", 0),
  ])
  func refusesWhatMakesNoSense(field: String, value: Int) throws {
    var fields: [String: Int] = [
      "sampleRate": 22_050, "fftSize": 2048, "hopLength": 1024, "melBandCount": 128, "minimumFrequency": 0,
      "maximumFrequency": 11_025,
    ]
    fields[field] = value
    let stored = try JSONEncoder().encode(fields)
    let error = #expect(throws: AudioFeatureError.self) {
      try JSONDecoder().decode(LogMelConfiguration.self, from: stored)
    }
    guard case .invalidConfiguration(field, _, _) = error else {
      Issue.record("\(String(describing: error)) does not name \(field)")
      return
    }
  }

  @Test func refusesFrequenciesThatAreNotNumbers() {
    #expect(throws: AudioFeatureError.self) { try LogMelConfiguration(minimumFrequency: .nan) }
    #expect(throws: AudioFeatureError.self) { try LogMelConfiguration(maximumFrequency: .nan) }
  }

  @Test func refusesMoreCoefficientsThanBands() {
    #expect(throws: AudioFeatureError.self) { try MFCCConfiguration(melBandCount: 10, coefficientCount: 11) }
    #expect(throws: AudioFeatureError.self) { try MFCCConfiguration(coefficientCount: 0) }
  }

  @Test func refusesImpossibleSampleRatesOfSongs() {
    #expect(throws: AudioFeatureError.self) { try MFCCExtractor().statistics(of: [0], sampleRate: 0) }
  }

  @Test func survivesStorage() throws {
    let logMel = try LogMelConfiguration(sampleRate: 16_000, hopLength: 512, minimumFrequency: 30)
    #expect(try JSONDecoder().decode(LogMelConfiguration.self, from: JSONEncoder().encode(logMel)) == logMel)
    let mfcc = try MFCCConfiguration(hopLength: 1024, coefficientCount: 13)
    #expect(try JSONDecoder().decode(MFCCConfiguration.self, from: JSONEncoder().encode(mfcc)) == mfcc)
  }
}
