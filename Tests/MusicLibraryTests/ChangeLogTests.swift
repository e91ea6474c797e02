import MusicLibrary
import Testing

/// When a watch looks at its folders.
@Suite struct ChangeLogTests {
  private let begin = ContinuousClock.now

  private func time(_ seconds: Double) -> ChangeLog.Instant { begin + .seconds(seconds) }

  @Test func aChangeIsLookedAtWhenItIsOver() {
    var log = ChangeLog()
    #expect(!log.isDue(at: time(1000)))
    log.noteChange(at: time(0))
    log.noteChange(at: time(1.5))
    #expect(!log.isDue(at: time(3)) && log.isDue(at: time(3.5)))
    log.clear()
    #expect(!log.isDue(at: time(1000)))
  }

  @Test func aFileThatIsBeingWrittenIsWaitedFor() {
    var log = ChangeLog()
    log.noteWriting("/a.mp3", at: time(0))
    #expect(!log.isDue(at: time(5)) && log.unfinished(at: time(5)) == ["/a.mp3"])
    log.noteWriting("/a.mp3", at: time(8))
    log.noteComplete("/a.mp3", at: time(9))
    #expect(!log.isDue(at: time(10)) && log.isDue(at: time(11)) && log.unfinished(at: time(11)).isEmpty)
    // One that its writer holds open is taken as it is.
    log.clear()
    log.noteWriting("/b.mp3", at: time(20))
    #expect(!log.isDue(at: time(29.9)) && log.isDue(at: time(30)) && log.unfinished(at: time(30)).isEmpty)
  }

  @Test func aStormDoesNotLastForever() {
    var log = ChangeLog()
    for second in 0..<60 {
      log.noteComplete("/\(second).mp3", at: time(Double(second)))
      #expect(!log.isDue(at: time(Double(second))))
    }
    log.noteWriting("/60.mp3", at: time(60))
    #expect(log.isDue(at: time(60)) && log.unfinished(at: time(60)) == ["/60.mp3"])
    // What was being written still is, after the others were looked at.
    log.clear()
    #expect(!log.isDue(at: time(61)) && log.unfinished(at: time(61)) == ["/60.mp3"])
    log.noteComplete("/60.mp3", at: time(62))
    #expect(log.isDue(at: time(64)))
  }
}
