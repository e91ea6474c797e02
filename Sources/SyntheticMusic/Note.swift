/// A note as it is played.
struct Note: Sendable {
  /// Seconds from the beginning of the song.
  var start: Double
  /// Seconds until the key is let go.
  var duration: Double
  /// MIDI number; 69 is the A of 440 Hz.
  var pitch: Int
  /// 0 to 1.
  var velocity: Float
}

/// A stroke on a drum.
struct DrumHit: Sendable {
  var start: Double
  var drum: Drum
  var velocity: Float
}
