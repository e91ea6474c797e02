import Reproducibility

/// A small music collection that is composed, played and mixed by this program: eight bands with a dozen songs each,
/// to try everything on if no music is at hand.
///
/// Bands differ in tempo, metre, harmony, rhythm, melody and taste in instruments; songs of a band differ in key,
/// tempo, chords, groove, instrumentation, equaliser, loudness and noise. Genres, instruments, drum kits and mastering
/// are shared between bands, so that the mean timbre alone does not tell them apart.
///
/// A song depends only on the collection's seed, its length, its band and its index: the same on every machine of a
/// type, in whatever order songs are composed.
public struct SyntheticCollection: Sendable {
  /// Samples a second and channel.
  public static let sampleRate = 22_050
  /// The most bands that a collection has.
  public static let maximumBandCount = BandStyle.all.count

  /// Seed of everything that is drawn.
  public let seed: UInt64
  /// Length of each song in seconds.
  public let secondsPerSong: Double
  /// The songs, band by band.
  public let songs: [SyntheticSong]

  /// Describes a collection; nothing is composed yet.
  ///
  /// - Parameters:
  ///   - seed: another seed gives other songs by the same bands.
  ///   - bandCount: 1 to ``maximumBandCount``.
  ///   - songsPerBand: 1 to 24.
  ///   - secondsPerSong: at least 1.
  public init(seed: UInt64 = 1, bandCount: Int = 8, songsPerBand: Int = 12, secondsPerSong: Double = 30) {
    precondition(
      (1...Self.maximumBandCount).contains(bandCount), "\(bandCount) bands; there are 1 to \(Self.maximumBandCount)")
    precondition((1...24).contains(songsPerBand), "\(songsPerBand) songs a band; there are titles for 1 to 24")
    precondition(secondsPerSong >= 1, "songs of \(secondsPerSong) s; the shortest have 1 s")
    self.seed = seed
    self.secondsPerSong = secondsPerSong
    songs = (0..<bandCount).flatMap { band in
      (0..<songsPerBand).map { SyntheticSong(bandIndex: band, songIndex: $0, seed: seed) }
    }
  }

  /// Composes and plays a song: the left and the right channel at ``sampleRate``, each sample between -1 and 1.
  public func compose(_ song: SyntheticSong) -> [[Float]] {
    let plan = plan(of: song)
    let sampleCount = Int(secondsPerSong * Double(Self.sampleRate))
    var mixer = Mixer(plan: plan, sampleCount: sampleCount, noise: NoiseGenerator(seed: noiseSeed(of: song)))
    return mixer.render(score(of: song, plan: plan))
  }

  /// Beats a minute of a song.
  package func tempo(of song: SyntheticSong) -> Double {
    plan(of: song).tempo
  }

  /// A song's key: its tonic in semitones above C, and whether its third is minor (Dorian and Aeolian) or major (Ionian
  /// and Mixolydian).
  package func key(of song: SyntheticSong) -> (tonic: Int, isMinor: Bool) {
    let plan = plan(of: song)
    return (plan.tonic % 12, plan.style.scale.intervals[2] == 3)
  }

  func plan(of song: SyntheticSong) -> SongPlan {
    var generator = generator(of: song, purpose: 1)
    return SongPlan(style: BandStyle.all[song.bandIndex], using: &generator)
  }

  func score(of song: SyntheticSong, plan: SongPlan) -> SongScore {
    var composer = Composer(plan: plan, duration: secondsPerSong, generator: generator(of: song, purpose: 2))
    return composer.compose()
  }

  private func noiseSeed(of song: SyntheticSong) -> UInt32 {
    var generator = generator(of: song, purpose: 3)
    return UInt32(truncatingIfNeeded: generator.next())
  }

  /// A generator of its own for each song and purpose, so that a change in one leaves the others as they were.
  private func generator(of song: SyntheticSong, purpose: UInt64) -> SeededGenerator {
    let number = UInt64(song.bandIndex) << 32 | UInt64(song.songIndex) << 8 | purpose
    var mixed = SeededGenerator(seed: seed)
    return SeededGenerator(seed: mixed.next() ^ (number &* 0x9E37_79B9_7F4A_7C15))
  }
}
