/// The audio formats that `AudioEncoder` writes; `AudioDecoder` reads many more.
public enum AudioFileFormat: String, Sendable, Hashable, CaseIterable {
  /// PCM in a RIFF container. It has no field for the album's artist.
  case wav
  /// PCM in Apple's container.
  case aiff
  /// Free Lossless Audio Codec, of 16 or 24 bits.
  case flac
  /// MPEG audio layer 3.
  case mp3
  /// Vorbis in an Ogg container.
  case ogg
  /// Opus in an Ogg container, always at one of Opus's own rates, at most 48 kHz.
  case opus
  /// AAC in an MP4 container.
  case m4a
  /// AAC as a bare stream (ADTS), which does not state its length.
  case aac
  /// Windows Media Audio 2 in an ASF container, of one or two channels.
  case wma

  /// The usual extension of such a file, without the dot.
  public var fileExtension: String { rawValue }
}

/// How samples are stored in WAV, AIFF and FLAC files; the other formats do not store samples.
public enum PCMSampleFormat: String, Sendable, Hashable, CaseIterable {
  /// Integers of 8 bits.
  case int8
  /// Integers of 16 bits.
  case int16
  /// Integers of 24 bits.
  case int24
  /// Integers of 32 bits.
  case int32
  /// IEEE floats of 32 bits.
  case float32
  /// IEEE floats of 64 bits.
  case float64
}
