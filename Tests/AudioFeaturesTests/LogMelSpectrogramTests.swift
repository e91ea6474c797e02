import AudioFeatures
import Testing

@Suite struct LogMelSpectrogramTests {
  /// Five frames of two bands, 10 dB apart from frame to frame.
  private let song = LogMelSpectrogram(
    frameCount: 5, melBandCount: 2, decibels: [-100, -90, -80, -70, -60, -50, -40, -30, 0, 10])

  @Test func excerptIsRelativeToItsOwnMaximum() {
    let excerpt = song.excerpt(startingAt: 1, frameCount: 2)
    #expect(excerpt.frameCount == 2)
    #expect(excerpt.melBandCount == 2)
    #expect(excerpt.decibels == [-30, -20, -10, 0])
  }

  @Test func nothingIsBelowTheFloor() {
    #expect(song.excerpt(startingAt: 0, frameCount: 5).decibels == [-80, -80, -80, -80, -70, -60, -50, -40, -10, 0])
    #expect(song.excerpt(startingAt: 3, frameCount: 2, dynamicRange: 20).decibels == [-20, -20, -10, 0])
  }

  @Test func theSongComesFirstThenTheFloor() {
    #expect(song.excerpt(startingAt: 3, frameCount: 4).decibels == [-50, -40, -10, 0, -80, -80, -80, -80])
    #expect(song.excerpt(startingAt: 9, frameCount: 1).decibels == [-80, -80])
    #expect(song.excerpt(startingAt: 0, frameCount: 0).decibels.isEmpty)
  }

  @Test func silenceIsItsOwnMaximumAsInLibrosa() {
    let silence = LogMelSpectrogram(frameCount: 1, melBandCount: 2, decibels: [-100, -100])
    #expect(silence.excerpt(startingAt: 0, frameCount: 2).decibels == [0, 0, -80, -80])
  }

  @Test func theMiddleIsCentred() {
    #expect(song.middleExcerpt(frameCount: 3) == song.excerpt(startingAt: 1, frameCount: 3))
    #expect(song.middleExcerpt(frameCount: 2) == song.excerpt(startingAt: 1, frameCount: 2))
    #expect(song.middleExcerpt(frameCount: 7) == song.excerpt(startingAt: 0, frameCount: 7))
  }
}
