#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Makes the frames by which musly's method *timbre* models a song: 25 MFCC of 36 mel bands (HTK's scale, from 20 Hz)
/// at 22,050 Hz, half-overlapping windows of 1,024 samples, the song's peak scaled to 96 dB, natural logarithm of 1 +
/// power.
///
/// Two differences from musly: the window is periodic, and the edges of the bands are not rounded to whole hertz. Owns
/// its plan and its buffers and so cannot be shared between threads.
public final class TimbreFrameExtractor {
  /// The sample rate in Hz that is expected.
  public static let sampleRate = 22_050
  /// The seconds that musly takes from the middle of a song.
  public static let seconds = 60.0
  /// The number of coefficients of a frame.
  public static let coefficientCount = 25

  private static let (bandCount, fftSize) = (36, 1024)
  private let analyser: MelAnalyser
  private let cosineTransform: CosineTransform

  /// Plans the transforms.
  public init() throws(AudioFeatureError) {
    let bank = try MelFilterBank(
      sampleRate: Self.sampleRate, fftSize: Self.fftSize, bandCount: Self.bandCount, minimumFrequency: 20, scale: .htk)
    analyser = try MelAnalyser(fftSize: Self.fftSize, hopLength: Self.fftSize / 2, bank: bank, kernels: .fastest)
    cosineTransform = CosineTransform(
      inputCount: Self.bandCount, coefficientCount: Self.coefficientCount, kernels: .fastest)
  }

  /// The frames of mono samples; none if there are fewer samples than a window has.
  public func frames(of samples: [Float]) -> MFCC {
    let frameCount = max(0, (samples.count - Self.fftSize / 2) / (Self.fftSize / 2))
    let peak = samples.reduce(0) { max($0, abs($1)) }
    guard frameCount > 0 else { return MFCC(frameCount: 0, coefficientCount: Self.coefficientCount, values: []) }
    // Silence stays silent.
    let scale = peak > 0 && peak.isFinite ? Float(pow(10, 96.0 / 20)) / peak : 1
    let scaled = samples.map { $0 * scale }
    let decibels = scaled.withUnsafeBufferPointer { analyser.decibels(of: $0) }
    // The frames are centred: the first, and those after the last whole one, lie partly outside of the song.
    let whole = decibels[Self.bandCount..<(frameCount + 1) * Self.bandCount]
    let logarithms = whole.map { Float(log1p(pow(10, Double($0) / 10))) }
    return MFCC(
      frameCount: frameCount, coefficientCount: Self.coefficientCount, values: cosineTransform(rows: logarithms))
  }
}
