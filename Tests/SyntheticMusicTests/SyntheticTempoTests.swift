import SyntheticMusic
import Testing

struct SyntheticTempoTests {
  /// Beats a minute as the bands declare them.
  private static let tempi: [String: ClosedRange<Double>] = [
    "Isobar Mangrove": 68...80, "Quillon Driftwave": 84...98, "Brindle Ferrymen": 94...110,
    "Plumdusk Ledger": 112...134, "Zinc Bellwether": 114...128, "Marrowby Hollow": 118...142,
    "Gravelmoth Union": 124...142, "Tin Heron Riot": 156...178,
  ]

  @Test func everyBandHasATempoOfItsOwnWithinWhichSongsVary() throws {
    let collection = SyntheticCollection()
    for (artist, songs) in Dictionary(grouping: collection.songs, by: \.artist) {
      let range = try #require(Self.tempi[artist])
      let tempi = songs.map(collection.tempo)
      #expect(tempi.allSatisfy(range.contains), "\(artist): \(tempi)")
      #expect(Set(tempi).count == songs.count)
    }
    #expect(Set(Self.tempi.values).count == 8)
  }

  /// The rhythm that is heard: loudness rises most alike after one bar, which the tempo says.
  @Test(arguments: ["Zinc Bellwether", "Gravelmoth Union", "Tin Heron Riot"])
  func theSoundHasTheTempo(artist: String) throws {
    let collection = SyntheticCollection(songsPerBand: 4, secondsPerSong: 24)
    for song in collection.songs where song.artist == artist {
      let hop = 128
      let onsets = onsetStrength(collection.compose(song)[0], hop: hop)
      let beat = 60 / collection.tempo(of: song) * Double(SyntheticCollection.sampleRate) / Double(hop)
      let aligned = autocorrelation(onsets, lag: Int((4 * beat).rounded()))
      let shifted = [0.09, 0.16].map { autocorrelation(onsets, lag: Int((4 * beat * (1 + $0)).rounded())) }
      #expect(shifted.allSatisfy { aligned > 1.5 * $0 }, "\(song.title): \(aligned) beside \(shifted)")
    }
  }

  private func onsetStrength(_ samples: [Float], hop: Int) -> [Float] {
    let levels = stride(from: 0, to: samples.count - hop, by: hop).map { start in
      samples[start..<start + hop].reduce(0) { $0 + abs($1) } / Float(hop)
    }
    let rises = zip(levels, levels.dropFirst()).map { max($1 - $0, 0) }
    // A little blur forgives the musicians their timing.
    let blurred = rises.indices.map { index in
      rises[max(index - 1, 0)...min(index + 1, rises.count - 1)].reduce(0, +)
    }
    let mean = blurred.reduce(0, +) / Float(blurred.count)
    return blurred.map { $0 - mean }
  }

  private func autocorrelation(_ signal: [Float], lag: Int) -> Float {
    zip(signal, signal.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
