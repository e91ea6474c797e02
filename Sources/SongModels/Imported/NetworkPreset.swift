import AudioFeatures

/// The front ends of published networks, as their documentation has them; docs/decisions/onnx.md says which were
/// compared with their own programs.
public enum NetworkPreset: String, Sendable, CaseIterable {
  /// MusiCNN as PyPI's package `musicnn` runs it, converted by Scripts/musicnn.
  case musicnn
  /// AudioSet's VGGish (tensorflow/models, research/audioset/vggish): 128 numbers a patch of 0.96 s.
  case vggish
  /// Essentia's EffNet trained on Discogs (discogs-effnet-bsdynamic-1.onnx): 1,280 numbers a patch of 2 s.
  case discogsEffNet = "discogs-effnet"
  /// Essentia's MAEST of 30 s (discogs-maest-30s-pw-….onnx).
  case maest
  /// The audio tower of LAION's CLAP with HTSAT (clap-htsat-unfused): 512 numbers a patch of 10 s.
  case clap

  /// The description that the options of `akin model import` change.
  public var description: NetworkDescription {
    switch self {
    case .musicnn:
      var frontEnd = Self.musicnnFrontEnd
      frontEnd.roundsToHalf = true
      return NetworkDescription(
        hearing: .mels(frontEnd), output: "penultimate", patchLength: 187, patchHop: 187, layout: "btm")
    case .vggish:
      var frontEnd = MelFrontEnd()
      (frontEnd.windowLength, frontEnd.hopLength, frontEnd.framing) = (400, 160, .inside)
      (frontEnd.spectrum, frontEnd.melBandCount) = (.magnitude, 64)
      (frontEnd.minimumFrequency, frontEnd.maximumFrequency) = (125, 7500)
      (frontEnd.scale, frontEnd.norm, frontEnd.slopes) = (.htk, .peak, .mel)
      (frontEnd.offset, frontEnd.floor, frontEnd.compression) = (0.01, 0, .natural)
      return NetworkDescription(hearing: .mels(frontEnd), patchLength: 96, patchHop: 96, layout: "btm")
    case .discogsEffNet:
      return NetworkDescription(
        hearing: .mels(Self.musicnnFrontEnd), output: "embeddings", patchLength: 128, patchHop: 62, layout: "btm")
    case .maest:
      var frontEnd = Self.musicnnFrontEnd
      (frontEnd.mean, frontEnd.deviation) = (2.06755686098554, 2 * 1.268292820667291)
      return NetworkDescription(
        hearing: .mels(frontEnd), output: "embeddings", patchLength: 1876, patchHop: 1875, layout: "bctm")
    case .clap:
      var frontEnd = MelFrontEnd()
      (frontEnd.sampleRate, frontEnd.fftSize, frontEnd.windowLength, frontEnd.hopLength) = (48_000, 1024, 1024, 480)
      (frontEnd.framing, frontEnd.melBandCount) = (.reflection, 64)
      (frontEnd.minimumFrequency, frontEnd.maximumFrequency) = (50, 14_000)
      return NetworkDescription(hearing: .mels(frontEnd), patchLength: 1001, patchHop: 1000, layout: "bctm")
    }
  }

  /// 16 kHz, frames of 512 samples, 256 apart, 96 bands: log₁₀(10,000 x + 1).
  private static var musicnnFrontEnd: MelFrontEnd {
    var frontEnd = MelFrontEnd()
    (frontEnd.gain, frontEnd.offset, frontEnd.floor, frontEnd.compression) = (10_000, 1, 0, .log10)
    return frontEnd
  }
}
