import CFFmpeg

/// How FFmpeg writes a format.
struct EncodingPlan {
  var muxer: String
  var muxerOptions: [String: String] = [:]
  var encoder: String
  var sampleFormat: AVSampleFormat
  /// The significant bits of a sample if they are fewer than the sample format has; else 0.
  var bitsPerSample: Int32 = 0
  /// In Hz.
  var sampleRate: Int
  /// Bits per second; nil for a quality that suits the content.
  var bitRate: Int?
  /// Whether the tags belong to the stream rather than to the file.
  var tagsOnStream = false

  private static let mp3Rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
  private static let opusRates = [8_000, 12_000, 16_000, 24_000, 48_000]
  private static let aacRates = mp3Rates + [64_000, 88_200, 96_000]

  /// Plans a file; nil if the format does not support such samples.
  ///
  /// A rate that the format does not support becomes the next higher one that it does.
  init?(_ format: AudioFileFormat, _ sampleFormat: PCMSampleFormat, sampleRate: Int, channelCount: Int, bitRate: Int?) {
    func known(_ rates: [Int]) -> Int { rates.first { $0 >= sampleRate } ?? rates[rates.count - 1] }
    func compressed(_ muxer: String, _ encoder: String, _ format: AVSampleFormat, _ rate: Int, _ bits: Int?) -> Self {
      Self(muxer: muxer, encoder: encoder, sampleFormat: format, sampleRate: rate, bitRate: bits)
    }
    switch format {
    case .wav, .aiff:
      self = Self.pcm(sampleFormat, bigEndian: format == .aiff, sampleRate)
    case .flac:
      guard sampleFormat == .int16 || sampleFormat == .int24 else { return nil }
      self = compressed("flac", "flac", sampleFormat == .int16 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_S32, sampleRate, nil)
      bitsPerSample = sampleFormat == .int16 ? 0 : 24
    case .mp3:
      let rate = known(Self.mp3Rates)
      let most = rate <= 12_000 ? 64_000 : rate <= 24_000 ? 160_000 : 320_000
      self = compressed(
        "mp3", "libmp3lame", AV_SAMPLE_FMT_FLTP, rate, min(most, bitRate ?? 96_000 * channelCount))
    case .ogg:
      self = compressed("ogg", "libvorbis", AV_SAMPLE_FMT_FLTP, sampleRate, bitRate)
      tagsOnStream = true
    case .opus:
      self = compressed("opus", "libopus", AV_SAMPLE_FMT_FLT, known(Self.opusRates), bitRate ?? 64_000 * channelCount)
      tagsOnStream = true
    case .m4a:
      self = compressed("ipod", "aac", AV_SAMPLE_FMT_FLTP, known(Self.aacRates), bitRate ?? 96_000 * channelCount)
    case .aac:
      self = compressed("adts", "aac", AV_SAMPLE_FMT_FLTP, known(Self.aacRates), bitRate ?? 96_000 * channelCount)
      muxerOptions["write_id3v2"] = "1"
    case .wma:
      self = compressed(
        "asf", "wmav2", AV_SAMPLE_FMT_FLTP, min(sampleRate, 48_000), bitRate ?? 64_000 * channelCount)
    }
  }

  private init(
    muxer: String, encoder: String, sampleFormat: AVSampleFormat, sampleRate: Int, bitRate: Int? = nil
  ) {
    self.muxer = muxer
    self.encoder = encoder
    self.sampleFormat = sampleFormat
    self.sampleRate = sampleRate
    self.bitRate = bitRate
  }

  private static func pcm(_ format: PCMSampleFormat, bigEndian: Bool, _ sampleRate: Int) -> Self {
    let (name, sampleFormat): (String, AVSampleFormat) =
      switch format {
      case .int8: (bigEndian ? "s8" : "u8", AV_SAMPLE_FMT_U8)
      case .int16: ("s16", AV_SAMPLE_FMT_S16)
      case .int24: ("s24", AV_SAMPLE_FMT_S32)
      case .int32: ("s32", AV_SAMPLE_FMT_S32)
      case .float32: ("f32", AV_SAMPLE_FMT_FLT)
      case .float64: ("f64", AV_SAMPLE_FMT_DBL)
      }
    let order = format == .int8 ? "" : bigEndian ? "be" : "le"
    var plan = Self(
      muxer: bigEndian ? "aiff" : "wav", encoder: "pcm_\(name)\(order)", sampleFormat: sampleFormat,
      sampleRate: sampleRate)
    if bigEndian { plan.muxerOptions["write_id3v2"] = "1" }
    return plan
  }
}
