import AudioFeatures
import Foundation
import Testing

@Suite struct FingerprintTests {
  /// Random notes, a new one in each quarter of a second.
  private static func music(seconds: Double, seed: Int = 1) -> [Float] {
    var state = UInt64(seed)
    var pitches: [Double] = []
    return (0..<Int(seconds * 22_050)).map { index in
      if index.isMultiple(of: 5512) {
        pitches = (0..<3).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return 150 * pow(2, Double(state >> 33) / Double(UInt32.max >> 1) * 3)
        }
      }
      let time = Double(index) / 22_050
      let sound = pitches.reduce(0.0) { sum, pitch in
        sum + (1...4).reduce(0.0) { $0 + sin(2 * .pi * pitch * Double($1) * time) / Double($1) }
      }
      return Float(0.1 * sound * exp(-6 * (time * 4).truncatingRemainder(dividingBy: 1) / 4))
    }
  }

  private func fingerprint(_ samples: [Float]) throws -> Fingerprint {
    try FingerprintExtractor().fingerprint(of: samples)
  }

  private func errorRate(_ one: some Sequence<UInt32>, _ other: some Sequence<UInt32>) -> Double {
    var (differing, count) = (0, 0)
    for (a, b) in zip(one, other) {
      differing += (a ^ b).nonzeroBitCount
      count += 32
    }
    return Double(differing) / Double(count)
  }

  @Test func thirtySecondsHaveTheShapeThatIsDocumented() throws {
    let fingerprint = try fingerprint(Self.music(seconds: 30))
    #expect(fingerprint.words.count == 316)
    #expect(fingerprint.levels.count == 79 * Fingerprint.levelBandCount)
    #expect(abs(Fingerprint.secondsPerWord - 0.0929) < 0.0001)
    // Its bits are as often set as not, and change.
    let bits = fingerprint.words.reduce(0) { $0 + $1.nonzeroBitCount }
    #expect((0.4...0.6).contains(Double(bits) / (316 * 32)))
    #expect(Set(fingerprint.words).count > 250)
  }

  @Test func loudnessChangesNothing() throws {
    let music = Self.music(seconds: 10)
    let (one, other) = (try fingerprint(music), try fingerprint(music.map { $0 * 0.25 }))
    #expect(errorRate(one.words, other.words) < 0.01)
    #expect(zip(one.levels, other.levels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  /// A tone of 100 Hz that sounds for two seconds of ten, under one of 1 kHz that goes on.
  @Test func levelsFollowWhatIsAdded() throws {
    func tone(_ frequency: Double, _ index: Int) -> Float { Float(sin(2 * .pi * frequency * Double(index) / 22_050)) }
    let music = (0..<220_500).map { 0.2 * tone(1000, $0) }
    let mixed = music.indices.map { index in
      music[index] + ((88_200..<132_300).contains(index) ? 0.05 * tone(100, index) : 0)
    }
    let (one, other) = (try fingerprint(music), try fingerprint(mixed))
    let bandCount = Fingerprint.levelBandCount
    var rowsWithTone = 0
    for row in 0..<one.levels.count / bandCount {
      // A row is of the four steps that follow the first four of its words.
      let middle = Double(row * Fingerprint.wordsPerLevel + 6) * Fingerprint.secondsPerWord
      let start = row * bandCount
      let rises = (start..<start + bandCount).map { Int(other.levels[$0]) - Int(one.levels[$0]) }
      if (4.4...5.6).contains(middle) {
        rowsWithTone += 1
        #expect(rises[0] > 100 && rises[4...].allSatisfy { abs($0) <= 1 }, "row \(row): \(rises)")
      } else if middle < 3.6 || middle > 6.4 {
        #expect(rises.allSatisfy { abs($0) <= 1 }, "row \(row): \(rises)")
      }
    }
    #expect(rowsWithTone >= 3)
  }

  @Test func aLevelIsADecibelAtEitherEnd() {
    #expect(Fingerprint.decibels(ofLevel: 0) == -80)
    #expect(Fingerprint.decibels(ofLevel: 255) == 0)
    #expect(abs(Fingerprint.decibels(ofLevel: 127.5) + 40) < 1e-9)
  }

  @Test(arguments: [10, 33])
  func whatIsCutOffMovesIt(steps: Int) throws {
    let music = Self.music(seconds: 12)
    let (whole, end) = (try fingerprint(music), try fingerprint(Array(music[(steps * 2048)...])))
    // The windows at the cut hear something else.
    #expect(errorRate(whole.words.dropFirst(steps + 8), end.words.dropFirst(8)) < 0.02)
    // Between two words, too.
    let between = try fingerprint(Array(music[(steps * 2048 + 1024)...]))
    #expect(errorRate(whole.words.dropFirst(steps + 8), between.words.dropFirst(8)) < 0.2)
  }

  @Test func otherMusicDiffersInHalfOfTheBits() throws {
    let (one, other) = (try fingerprint(Self.music(seconds: 20)), try fingerprint(Self.music(seconds: 20, seed: 2)))
    #expect((0.42...0.58).contains(errorRate(one.words, other.words)))
  }

  @Test func theDescriptorsFingerprintIsTheSame() throws {
    let music = Self.music(seconds: 5)
    let extractor = try SongDescriptorExtractor()
    let mels = extractor.mels(of: [music])
    #expect(try Fingerprint(decibels: mels[0]) == self.fingerprint(music))
    #expect(extractor.descriptor(ofMels: mels) == extractor.descriptor(of: music))
  }

  @Test(arguments: [0, 1, 2047, 15_000])
  func tooLittleSoundHasNoWords(count: Int) throws {
    let fingerprint = try fingerprint([Float](repeating: 0.1, count: count))
    #expect(fingerprint.words.isEmpty && fingerprint.levels.isEmpty)
    #expect(Fingerprint(data: fingerprint.data) == fingerprint)
  }

  @Test func silenceHasNoWords() throws {
    let fingerprint = try fingerprint(Self.music(seconds: 5) + [Float](repeating: 0, count: 5 * 22_050))
    #expect(fingerprint.words.prefix(40).allSatisfy { $0 != 0 })
    #expect(fingerprint.words.suffix(40).allSatisfy { $0 == 0 })
  }

  @Test(arguments: [Float.nan, .infinity, -.greatestFiniteMagnitude])
  func samplesThatAreNoNumbersDoNotStopIt(sample: Float) throws {
    var music = Self.music(seconds: 3)
    for index in stride(from: 0, to: music.count, by: 3000) { music[index] = sample }
    #expect(try fingerprint(music).words.count == 25)
  }

  // MARK: - Stored

  @Test func itIsReadAsItWasStored() throws {
    let fingerprint = try fingerprint(Self.music(seconds: 8))
    #expect(fingerprint.data.count == 8 + fingerprint.words.count * 4 + fingerprint.levels.count)
    #expect(fingerprint.data.count == Fingerprint.byteCount(ofWordCount: fingerprint.words.count))
    #expect(Fingerprint(data: fingerprint.data) == fingerprint)
  }

  @Test func damageIsNoticed() throws {
    let data = try fingerprint(Self.music(seconds: 3)).data
    for index in data.indices {
      for bit in [0, 3, 7] {
        var damaged = data
        damaged[index] ^= 1 << UInt8(bit)
        #expect(Fingerprint(data: damaged) == nil, "byte \(index), bit \(bit)")
      }
    }
    for length in data.indices { #expect(Fingerprint(data: data.prefix(length)) == nil) }
    #expect(Fingerprint(data: data + [0]) == nil)
    #expect(Fingerprint(data: Data(repeating: 0xFF, count: 100)) == nil)
  }
}
