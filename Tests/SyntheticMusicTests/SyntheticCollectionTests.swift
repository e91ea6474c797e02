import AudioDecoding
import SyntheticMusic
import Testing

struct SyntheticCollectionTests {
  /// Long enough for a few bars of each section, short enough to compose all bands in a moment.
  private static let small = SyntheticCollection(songsPerBand: 2, secondsPerSong: 12)

  @Test func theDefaultIsEightBandsWithADozenSongsEach() {
    let songs = SyntheticCollection().songs
    #expect(songs.count == 96)
    let bands = Dictionary(grouping: songs, by: \.artist)
    #expect(bands.count == 8)
    for (artist, songs) in bands {
      #expect(songs.count == 12)
      #expect(Set(songs.map(\.title)).count == 12, "\(artist)")
      #expect(Set(songs.map(\.genre)).count == 1, "\(artist)")
      #expect(Set(songs.map(\.album)).count == 2, "\(artist)")
      for album in Dictionary(grouping: songs, by: \.album).values {
        #expect(album.map(\.trackNumber) == Array(1...6))
      }
      // Formats must not tell the bands apart.
      #expect(songs.map(\.format.rawValue).sorted() == ["flac"].repeated(10) + ["mp3", "ogg"])
    }
    #expect(Set(songs.map(\.relativePath)).count == 96)
    #expect(Set(songs.map(\.genre)).count < 8, "some bands share a genre")
  }

  @Test func pathsTellArtistAlbumNumberAndTitle() throws {
    let song = try #require(SyntheticCollection().songs.last)
    #expect(song.relativePath == "\(song.artist)/\(song.album)/06 \(song.title).\(song.format.fileExtension)")
  }

  @Test func aSongDoesNotDependOnTheSizeOfTheCollection() {
    let one = SyntheticCollection(bandCount: 1, songsPerBand: 1, secondsPerSong: 3)
    let many = SyntheticCollection(bandCount: 3, songsPerBand: 24, secondsPerSong: 3)
    #expect(one.songs[0] == many.songs[0])
    #expect(one.compose(one.songs[0]) == many.compose(many.songs[0]))
    #expect(Set(many.songs.map(\.relativePath)).count == 72)
  }

  @Test(arguments: small.songs)
  func theSameSeedGivesTheSameSamples(song: SyntheticSong) {
    let again = SyntheticCollection(songsPerBand: 2, secondsPerSong: 12)
    #expect(Self.small.compose(song) == again.compose(song))
  }

  @Test func anotherSeedGivesOtherSongs() {
    let other = SyntheticCollection(seed: 2, songsPerBand: 1, secondsPerSong: 3)
    let same = SyntheticCollection(seed: 1, songsPerBand: 1, secondsPerSong: 3)
    for (first, second) in zip(same.songs, other.songs) {
      #expect(first.artist == second.artist)
      #expect(same.compose(first) != other.compose(second))
    }
  }

  @Test(arguments: [1, 1.7, 30])
  func songsHaveTheLengthThatWasAskedFor(seconds: Double) {
    let collection = SyntheticCollection(bandCount: 2, songsPerBand: 1, secondsPerSong: seconds)
    for song in collection.songs {
      #expect(collection.compose(song).map(\.count) == [Int(seconds * 22_050), Int(seconds * 22_050)])
    }
  }

  @Test(arguments: small.songs)
  func songsAreLoudEnoughAndNeverClip(song: SyntheticSong) throws {
    let channels = Self.small.compose(song)
    #expect(channels.count == 2)
    for channel in channels {
      let peak = channel.reduce(0) { max($0, abs($1)) }
      let rootMeanSquare = (channel.reduce(0) { $0 + $1 * $1 } / Float(channel.count)).squareRoot()
      #expect(channel.allSatisfy { $0.isFinite })
      #expect(peak > 0.1 && peak <= 0.95, "peak \(peak)")
      #expect(rootMeanSquare > 0.03 && rootMeanSquare < 0.35, "root mean square \(rootMeanSquare)")
      // Both ends are silent: no click where a player starts or stops.
      #expect(try #require(channel.first) == 0)
      #expect(try #require(channel.last) == 0)
      #expect(abs(channel.reduce(0, +) / Float(channel.count)) < 0.01, "no offset")
    }
  }

  @Test(arguments: small.songs)
  func thereIsNoLongSilenceInTheMiddle(song: SyntheticSong) {
    let left = Self.small.compose(song)[0]
    let window = SyntheticCollection.sampleRate / 2
    let powers = stride(from: window, to: left.count - 4 * window, by: window).map { start in
      left[start..<start + window].reduce(0) { $0 + $1 * $1 } / Float(window)
    }
    let mean = powers.reduce(0, +) / Float(powers.count)
    // A silence of a second would fill at least one window of half a second.
    #expect(powers.allSatisfy { $0 > mean * 1e-3 }, "\(powers)")
  }

  @Test(arguments: small.songs)
  func samplesMoveWithoutClicks(song: SyntheticSong) {
    let left = Self.small.compose(song)[0]
    let rootMeanSquare = (left.reduce(0) { $0 + $1 * $1 } / Float(left.count)).squareRoot()
    // Cymbals are noise and jump, but a note cut off would jump by a multiple of the level.
    let largest = zip(left, left.dropFirst()).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(largest < 1 && largest < 12 * rootMeanSquare, "jumps by \(largest) at a level of \(rootMeanSquare)")
  }
}

extension Array {
  fileprivate func repeated(_ count: Int) -> [Element] {
    (0..<count).flatMap { _ in self }
  }
}
