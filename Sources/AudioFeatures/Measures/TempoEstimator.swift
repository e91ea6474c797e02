#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Beats a minute from how bands of a spectrogram set in.
///
/// Onsets are rises of a band's level, together and of the lowest bands alone. Their autocorrelations a are added; a
/// beat of period T counts as
///
///     s(T) = mean of a(k T) + 0.25 · mean of a((k - ½) T),   k = 1…6
///
/// times what tempi are usual (log-normal around 133, ±0.9 octaves). The period is refined at 4 and 8 beats.
/// docs/decisions/describe.md compares it with others; Scripts/describe/measures.py specifies it in NumPy.
enum TempoEstimator {
  private static let range = 40.0...220.0
  private static let candidateCount = 600
  private static let beats = 6
  private static let offbeatWeight = 0.25
  private static let usual = (tempo: 133.0, octaves: 0.9)
  private static let dynamicRange: Float = 40
  /// How many of the lowest bands say what bass and drum do.
  private static let lowBandCount = 5
  /// The least autocorrelation that is taken for a beat.
  private static let leastScore = 0.08
  private static let leastSeconds = 6.0
  /// The least variance of onsets, in dB², that is no rounding.
  private static let leastVariance = 1e-3

  /// - Parameter decibels: frames × `bandCount`.
  static func tempo(ofDecibels decibels: [Float], bandCount: Int, frameRate: Double) -> Double? {
    let frameCount = decibels.count / bandCount
    guard Double(frameCount) >= leastSeconds * frameRate, let loudest = decibels.max() else { return nil }
    var (all, low) = ([Float](repeating: 0, count: frameCount - 1), [Float](repeating: 0, count: frameCount - 1))
    decibels.withUnsafeBufferPointer { decibels in
      let floor = loudest - dynamicRange
      for frame in 0..<frameCount - 1 {
        var (lowest, others): (Float, Float) = (0, 0)
        for band in 0..<bandCount {
          let place = frame * bandCount + band
          let rise = max(0, max(decibels[place + bandCount], floor) - max(decibels[place], floor))
          if band < lowBandCount { lowest += rise } else { others += rise }
        }
        all[frame] = (lowest + others) / Float(bandCount)
        low[frame] = lowest / Float(lowBandCount)
      }
    }
    let longest = Int(Double(beats) * 60 * frameRate / range.lowerBound) + 2
    let lagCount = min(frameCount - 1, max(longest, Int(8 * 60 * frameRate / range.lowerBound) + 2))
    let correlation = zip(
      autocorrelation(strengths(all, frameRate), lagCount), autocorrelation(strengths(low, frameRate), lagCount)
    ).map { $0 + $1 }
    return tempo(ofCorrelation: correlation, frameRate: frameRate, frameCount: frameCount)
  }

  private static func tempo(ofCorrelation correlation: [Double], frameRate: Double, frameCount: Int) -> Double? {
    func value(_ lag: Double) -> Double {
      let place = min(Int(lag), correlation.count - 2)
      let share = min(1, lag - Double(place))
      return (1 - share) * correlation[place] + share * correlation[place + 1]
    }
    var (best, tempo) = (0.0, 0.0)
    for candidate in 0..<candidateCount {
      let share = Double(candidate) / Double(candidateCount - 1)
      let beatsPerMinute = range.lowerBound * pow(range.upperBound / range.lowerBound, share)
      let period = 60 * frameRate / beatsPerMinute
      var (beat, offbeat) = (0.0, 0.0)
      for k in 1...beats {
        beat += value(Double(k) * period)
        offbeat += value((Double(k) - 0.5) * period)
      }
      let octaves = log2(beatsPerMinute / usual.tempo) / usual.octaves
      let score = (beat + offbeatWeight * offbeat) / Double(beats) * exp(-octaves * octaves / 2)
      if score > best { (best, tempo) = (score, beatsPerMinute) }
    }
    guard best > leastScore else { return nil }
    for count in [4.0, 8.0] {
      let lag = count * 60 * frameRate / tempo
      guard lag * 1.07 < Double(min(correlation.count, frameCount * 3 / 5)) else { continue }
      let lags = (0...80).map { lag * (1 + 0.24 / count * (Double($0) / 40 - 1)) }
      if let peak = lags.max(by: { value($0) < value($1) }), value(peak) > 0 { tempo = 60 * frameRate * count / peak }
    }
    return tempo
  }

  /// What rises more than the second around it, a little blurred, less its mean.
  private static func strengths(_ rises: [Float], _ frameRate: Double) -> [Float] {
    let reach = Int(frameRate) / 2
    let count = rises.count
    var sums = [0.0]
    for place in -reach..<count + reach {
      sums.append(sums[sums.count - 1] + Double(rises[min(max(place, 0), count - 1)]))
    }
    let above = rises.indices.map { place in
      max(0, rises[place] - Float((sums[place + 2 * reach + 1] - sums[place]) / Double(2 * reach + 1)))
    }
    let blurred = above.indices.map { place in
      0.5 * above[place] + 0.25 * ((place > 0 ? above[place - 1] : 0) + (place + 1 < count ? above[place + 1] : 0))
    }
    let mean = blurred.reduce(0, +) / Float(count)
    return blurred.map { $0 - mean }
  }

  /// a(l) = Σ x(t) x(t + l) / (n - l), over a(0); all 0 if nothing sets in.
  private static func autocorrelation(_ values: [Float], _ lagCount: Int) -> [Double] {
    let count = values.count
    let sums = values.withUnsafeBytes { bytes in
      (0..<min(lagCount, count)).map { lag in
        var lanes = SIMD8<Float>.zero
        var start = 0
        while start + 8 <= count - lag {
          let one = bytes.loadUnaligned(fromByteOffset: 4 * start, as: SIMD8<Float>.self)
          lanes += one * bytes.loadUnaligned(fromByteOffset: 4 * (start + lag), as: SIMD8<Float>.self)
          start += 8
        }
        var sum = Double(lanes.sum())
        for place in start..<count - lag { sum += Double(values[place] * values[place + lag]) }
        return sum / Double(count - lag)
      }
    }
    guard let power = sums.first, power > leastVariance else { return sums.map { _ in 0 } }
    return sums.map { $0 / power }
  }
}
