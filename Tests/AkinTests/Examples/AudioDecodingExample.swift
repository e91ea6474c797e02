import AudioDecoding

/// Describes the middle half minute of an audio file of any format.
func summary(ofFile path: String) throws -> String {
  let audio = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 30), sampleRate: 22_050)
  let title = audio.info.tags.title ?? path
  let seconds = audio.samples.count / audio.sampleRate
  let peak = audio.samples.reduce(0) { max($0, abs($1)) }
  return "\(title): \(audio.info.codec), \(seconds) s, peak \(peak)"
}
