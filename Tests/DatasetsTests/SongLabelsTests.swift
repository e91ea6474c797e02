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

  @Test func classesAreComparedAsTheyAreWritten() {
    let songs = [song("", "b"), song("", "B"), song("", ""), song("", "a"), song("", "b")]
    let labels = SongLabels(songs)
    #expect(labels.classNames == ["B", "a", "b"])
    #expect(songs.map(labels.classIndex) == [2, 0, nil, 1, 2])
  }
}
