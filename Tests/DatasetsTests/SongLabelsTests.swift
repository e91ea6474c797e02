import Datasets
import Testing

@Suite struct SongLabelsTests {
  private func song(_ artist: String, _ className: String) -> Manifest.Song {
    var song = Manifest.Song(path: "\(artist).mp3")
    (song.artist, song.className) = (artist, className)
    return song
  }

  @Test func artistsAreComparedWithoutCaseAndSpaces() {
    let songs = [song("The  Beatles ", "b"), song("Nina Simone", ""), song("the beatles", "a"), song("", "a")]
    let labels = SongLabels(songs)
    #expect(songs.map(labels.artistIndex) == [0, 1, 0, nil])
    #expect(labels.artistCount == 2)
    #expect(labels.artistIndex(of: song("NINA SIMONE", "")) == 1 && labels.artistIndex(of: song("Else", "")) == nil)
  }

  @Test func spellingsOfOneClassAreOneAndShownAsMostSongsWriteIt() {
    let songs = [
      song("", "Guns N\u{2019} Roses"), song("", "guns  n' roses"), song("", ""), song("", "Abba"),
      song("", "guns  n' roses"), song("", "Bjo\u{308}rk"), song("", "Bj\u{F6}rk"), song("", "Bjork"),
    ]
    let labels = SongLabels(songs)
    #expect(labels.classNames == ["Abba", "Bjork", "Bj\u{F6}rk", "guns  n' roses"])
    #expect(songs.map(labels.classIndex) == [3, 3, nil, 0, 3, 2, 2, 1])
  }

  @Test func theFirstOfSeveralArtistsIsASongsArtist() {
    let songs = [song("A; B", ""), song("a", ""), song("B", "")]
    #expect(songs.map(SongLabels(songs).artistIndex) == [0, 0, 1])
  }
}
