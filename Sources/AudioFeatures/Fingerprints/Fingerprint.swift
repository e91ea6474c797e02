/// What a recording is known again by, whatever file it is in: it hardly changes with the codec, the bit rate, the sample
/// rate or the gain, and moves with the sound if something is cut off before it.
///
/// A word of 32 bits, 93 ms after the one before it, says of 33 bands from about 270 Hz to 4.2 kHz how their energies,
/// over the 0.37 s that follow, differ from those over the 0.37 s before: bit b is set if band b has risen more (in dB)
/// than band b + 1 (after Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System", 2002, section 4). So it
/// tells neither loudness nor a fixed equaliser, nor what was added; that is what ``levels`` are for.
///
/// A fingerprint of part of a song can be found in that of the whole.
public struct Fingerprint: Sendable, Hashable {
  /// The words, ``secondsPerWord`` apart; 0 for silence. 316 for 30 s; none for less than 0.7 s.
  public var words: [UInt32]
  /// The mean levels of ``levelBandCount`` bands, from 65 Hz to 4.1 kHz, over each ``wordsPerLevel`` words: 0 for 80 dB
  /// below the song's loudest sound, 255 for that.
  public var levels: [UInt8]

  /// The version of how fingerprints are made: those of different versions cannot be compared.
  public static let version = 2
  /// The time from one word to the next.
  public static let secondsPerWord =
    Double(framesPerStep * FineMelExtractor.hopLength) / Double(FineMelExtractor.sampleRate)
  /// How many words have a row of levels; those that are left at the end have none.
  public static let wordsPerLevel = 4
  /// How many bands levels have.
  public static let levelBandCount = 9

  /// Wraps words and their levels.
  public init(words: [UInt32], levels: [UInt8]) {
    precondition(
      levels.count == Self.levelCount(ofWordCount: words.count),
      "\(words.count) words have \(Self.levelCount(ofWordCount: words.count)) levels, not \(levels.count)")
    self.words = words
    self.levels = levels
  }

  static func levelCount(ofWordCount count: Int) -> Int {
    count / wordsPerLevel * levelBandCount
  }

  /// How many dB a level, or one between two, is relative to the song's loudest sound.
  public static func decibels(ofLevel level: Double) -> Double {
    (level / 255 - 1) * Double(FineMelExtractor.dynamicRange)
  }

  // MARK: - Making

  /// How many bands there are, from 65 Hz on.
  package static let bandCount = 36
  private static let melBandsPerBand = 5
  /// The mel band at which the first band begins.
  private static let firstMelBand = 5
  /// So many low bands have a level in common, and are in no word.
  private static let lowBandCount = 3
  /// The bands above them go by so many to a level.
  private static let bandsPerLevel = 4
  /// Frames are taken two at a time.
  static let framesPerStep = 2
  /// How many steps are compared with as many before them.
  private static let stepsPerSide = 4
  /// A word whose steps have less than this mean, in dB, is silence.
  private static let silence: Float = -74

  /// The fingerprint of frames × 256 mel bands, in dB relative to the song's maximum with the floor of
  /// `FineMelExtractor`.
  package init(decibels: [Float]) { self.init(steps: Self.steps(decibels)) }

  /// The fingerprint of steps × ``bandCount`` energies, each the sum of the decibels of two frames.
  package init(steps: [Float]) {
    let count = max(0, steps.count / Self.bandCount - 2 * Self.stepsPerSide + 1)
    var words: [UInt32] = []
    words.reserveCapacity(count)
    for first in 0..<count { words.append(Self.word(steps, at: first)) }
    self.init(words: words, levels: Self.levels(steps, wordCount: count))
  }

  /// steps × bands: the loudest mel band of each band, since a codec leaves out the quiet ones first, summed over the
  /// frames of a step.
  private static func steps(_ decibels: [Float]) -> [Float] {
    let stepCount = decibels.count / FineMelExtractor.bandCount / framesPerStep
    return [Float](unsafeUninitializedCapacity: stepCount * bandCount) { steps, count in
      count = stepCount * bandCount
      decibels.withUnsafeBufferPointer { decibels in
        for index in 0..<count {
          let (step, band) = index.quotientAndRemainder(dividingBy: bandCount)
          var sum: Float = 0
          for frame in step * framesPerStep..<(step + 1) * framesPerStep {
            let start = frame * FineMelExtractor.bandCount + firstMelBand + band * melBandsPerBand
            var loudest = decibels[start]
            for place in start + 1..<start + melBandsPerBand { loudest = max(loudest, decibels[place]) }
            sum += loudest
          }
          steps[index] = sum
        }
      }
    }
  }

  private static func word(_ steps: [Float], at first: Int) -> UInt32 {
    var word: UInt32 = 0
    var total: Float = 0
    var last: Float = 0
    for band in lowBandCount..<bandCount {
      var (before, after): (Float, Float) = (0, 0)
      for step in first..<first + stepsPerSide {
        before += steps[step * bandCount + band]
        after += steps[(step + stepsPerSide) * bandCount + band]
      }
      let rise = after - before
      if band > lowBandCount, last > rise { word |= 1 << UInt32(band - lowBandCount - 1) }
      last = rise
      total += before + after
    }
    let mean = total / Float((bandCount - lowBandCount) * 2 * stepsPerSide * framesPerStep)
    return mean < silence ? 0 : word
  }

  /// Rows of levels, each from the steps in the middle of its words.
  private static func levels(_ steps: [Float], wordCount: Int) -> [UInt8] {
    var levels: [UInt8] = []
    levels.reserveCapacity(levelCount(ofWordCount: wordCount))
    for row in 0..<wordCount / wordsPerLevel {
      let first = row * wordsPerLevel + stepsPerSide
      for level in 0..<levelBandCount {
        let band = level == 0 ? 0 : lowBandCount + (level - 1) * bandsPerLevel
        let count = level == 0 ? lowBandCount : bandsPerLevel
        var sum: Float = 0
        for step in first..<first + wordsPerLevel {
          var loudest = steps[step * bandCount + band]
          for place in step * bandCount + band + 1..<step * bandCount + band + count {
            loudest = max(loudest, steps[place])
          }
          sum += loudest
        }
        let decibels = sum / Float(wordsPerLevel * framesPerStep)
        let share = (decibels + FineMelExtractor.dynamicRange) / FineMelExtractor.dynamicRange
        levels.append(UInt8((max(0, min(1, share)) * 255).rounded()))
      }
    }
    return levels
  }
}
