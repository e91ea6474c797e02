import AudioDecoding
import AudioFeatures

/// What a network of another program hears, and what of its answer is a song's vector: a song's middle, or several
/// excerpts, become patches, each patch an answer, and the answers are pooled.
public struct NetworkDescription: Sendable, Hashable, Codable {
  /// What the network's input holds.
  public enum Hearing: Sendable, Hashable, Codable {
    /// Mono samples at a rate in Hz.
    case samples(rate: Int)
    /// Mel bands of frames.
    case mels(MelFrontEnd)
  }

  /// How the answers to a song's patches become one vector.
  public enum Pooling: String, Sendable, Hashable, Codable, CaseIterable {
    /// Their mean.
    case mean
    /// Their largest values.
    case maximum
    /// Their mean, and then their largest values: twice as many numbers.
    case both

    /// The length of the vector of answers of that length.
    func dimension(ofAnswers length: Int) -> Int { self == .both ? 2 * length : length }
  }

  /// What a dimension of the input is.
  public enum Axis: Character, Sendable {
    /// Patches that are heard at a time.
    case batch = "b"
    /// A channel: always 1.
    case channel = "c"
    /// Frames, or samples if the network hears those.
    case time = "t"
    /// Mel bands.
    case mel = "m"
  }

  /// What it hears.
  public var hearing: Hearing
  /// The name of the input; nil for the only one.
  public var input: String?
  /// The name of the output; nil for the only one.
  public var output: String?
  /// The length of a patch, in frames or else in samples.
  public var patchLength: Int
  /// From the beginning of one patch to that of the next. What is left behind the last whole patch is not heard.
  public var patchHop: Int
  /// The order of the input's dimensions: the letters of ``Axis``, such as "btm".
  public var layout: String
  /// How answers become a vector.
  public var pooling: Pooling
  /// The length in seconds of an excerpt.
  public var seconds: Double
  /// Whether vectors are standardised over the collection that is searched.
  public var isStandardised: Bool

  /// A description to change.
  public init(
    hearing: Hearing, input: String? = nil, output: String? = nil, patchLength: Int, patchHop: Int,
    layout: String, pooling: Pooling = .mean, seconds: Double = SongEmbedder.baselineSeconds,
    isStandardised: Bool = true
  ) {
    self.hearing = hearing
    self.input = input
    self.output = output
    self.patchLength = patchLength
    self.patchHop = patchHop
    self.layout = layout
    self.pooling = pooling
    self.seconds = seconds
    self.isStandardised = isStandardised
  }

  /// The rate of the samples in Hz.
  public var sampleRate: Int {
    switch hearing {
    case .samples(let rate): rate
    case .mels(let frontEnd): frontEnd.sampleRate
    }
  }

  /// The number of values of a frame, or 1 of a sample.
  var width: Int {
    switch hearing {
    case .samples: 1
    case .mels(let frontEnd): frontEnd.melBandCount
    }
  }

  /// The dimensions of the input; the layout was checked.
  var axes: [Axis] { layout.compactMap(Axis.init(rawValue:)) }

  /// The sizes of the input's dimensions for so many patches.
  func shape(patches: Int) -> [Int] {
    axes.map { axis in
      switch axis {
      case .batch: patches
      case .channel: 1
      case .time: patchLength
      case .mel: width
      }
    }
  }

  /// What is impossible in it, whatever the network is; nil if nothing is.
  public var fault: String? {
    let letters: [Axis]
    switch hearing {
    case .samples(let rate):
      letters = [.time]
      guard AudioDecoder.sampleRates.contains(rate) else { return "its sample rate of \(rate) Hz is impossible" }
    case .mels(let frontEnd):
      letters = [.time, .mel]
      guard AudioDecoder.sampleRates.contains(frontEnd.sampleRate) else {
        return "its sample rate of \(frontEnd.sampleRate) Hz is impossible"
      }
      do { try frontEnd.check() } catch { return "its front end is impossible: \(error)" }
    }
    let axes = axes
    guard axes.count == layout.count,
      ([.batch] + letters).allSatisfy({ axis in axes.count { $0 == axis } == 1 }),
      axes.allSatisfy({ ([.batch, .channel] + letters).contains($0) })
    else {
      let once = (["b"] + letters.map { String($0.rawValue) }).joined(separator: ", ")
      return "its layout is “\(layout)”; it has \(once) once each, and c for a channel"
    }
    guard (0.1...600).contains(seconds) else { return "its excerpts of \(seconds) s are not from 0.1 to 600 s long" }
    guard (1...1 << 26).contains(patchLength), (1...1 << 26).contains(patchHop), patchLength * width <= 1 << 26 else {
      return "its patches of \(patchLength), \(patchHop) apart, are impossible"
    }
    return nil
  }
}
