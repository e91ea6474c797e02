import AudioFeatures
import Fingerprints
import Testing

@Suite struct CopySearchTests {
  private func pairs(_ fingerprints: [Fingerprint], threads: Int = 2, new: Set<Int>? = nil) -> [[Int]] {
    CopySearch(FingerprintCollection(fingerprints))
      .pairs(threads: threads) { new?.contains($0) ?? true }
      .map { [$0.first, $0.second] }
  }

  @Test(arguments: [0, 0.05, 0.12])
  func copiesAreFoundAndNothingElse(share: Double) {
    var random = RandomFingerprints()
    let songs = (0..<60).map { _ in random.song() }
    let copies = songs[..<20].map { random.damaged($0, share: share) }
    let expected = (0..<20).map { [$0, 60 + $0] }
    #expect(pairs(songs + copies) == expected)
    #expect(pairs(songs + copies, threads: 1) == expected)
  }

  @Test func theErrorRateIsTheShareOfBitsThatDiffer() throws {
    var random = RandomFingerprints()
    let song = random.song()
    let copy = random.damaged(song, share: 0.1)
    let differing = zip(song.words, copy.words).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    let pair = try #require(CopySearch(FingerprintCollection([song, copy])).pairs().first)
    #expect(pair.errorRate == Double(differing) / Double(song.words.count * 32))
  }

  @Test func onlyPairsWithNewOnesAreLookedFor() {
    var random = RandomFingerprints()
    let songs = (0..<40).map { _ in random.song() }
    let all = songs + songs[..<5]
    #expect(pairs(all).count == 5)
    #expect(pairs(all, new: []).isEmpty)
    // Few new ones and many.
    #expect(pairs(all, new: [2, 43]) == [[2, 42], [3, 43]])
    #expect(pairs(all, new: Set(3..<40)) == [[3, 43], [4, 44]])
  }

  @Test(arguments: [1, 40, 86, 200])
  func aCopyWithoutItsBeginningIsFound(missing: Int) {
    var random = RandomFingerprints()
    let steps = random.steps()
    let (whole, end) = (Fingerprint(steps: steps), Fingerprint(steps: part(steps, missing..<323)))
    #expect(pairs([whole, random.song(), end]) == [[0, 2]])
    #expect(pairs([end, random.song(), whole]) == [[0, 2]])
  }

  @Test func tooLittleInCommonIsNoCopy() {
    var random = RandomFingerprints()
    let (common, one, other) = (random.steps(count: 100), random.steps(count: 200), random.steps(count: 200))
    #expect(pairs([Fingerprint(steps: one + common), Fingerprint(steps: common + other)]).isEmpty)
    let longer = random.steps(count: 140)
    #expect(pairs([Fingerprint(steps: one + longer), Fingerprint(steps: longer + other)]) == [[0, 1]])
  }

  @Test func shortSongsNeedLessInCommonButNotNothing() {
    var random = RandomFingerprints()
    let short = random.steps(count: 50)
    let whole = Fingerprint(steps: random.steps(count: 100) + short + random.steps(count: 100))
    #expect(pairs([whole, Fingerprint(steps: short)]) == [[0, 1]])
    let jingle = Fingerprint(steps: part(short, 0..<35))
    #expect(jingle.words.count == 28 && pairs([whole, jingle]).isEmpty)
  }

  @Test func silenceAndEmptinessAreNoCopies() {
    let silence = Fingerprint(steps: [Float](repeating: -160, count: 323 * Fingerprint.bandCount))
    let nothing = Fingerprint(words: [], levels: [])
    #expect(silence.words.allSatisfy { $0 == 0 })
    #expect(pairs([silence, silence, nothing, nothing]).isEmpty)
    #expect(pairs([]).isEmpty)
  }

  @Test func silenceInACopyDoesNotCount() {
    var random = RandomFingerprints()
    let steps = random.steps()
    let silence = [Float](repeating: -160, count: 60 * Fingerprint.bandCount)
    #expect(pairs([Fingerprint(steps: steps), Fingerprint(steps: silence + part(steps, 0..<260))]) == [[0, 1]])
  }

  /// Every 80th step is left out: as if it went 1.25 % faster.
  @Test func whatDoesNotKeepStepIsNoCopy() {
    var random = RandomFingerprints()
    var steps = random.steps()
    // What changes slowly looks alike beside its place.
    for index in Fingerprint.bandCount..<steps.count {
      steps[index] = 0.05 * steps[index] + 0.95 * steps[index - Fingerprint.bandCount]
    }
    let faster = (0..<323).filter { $0 % 80 != 79 }.flatMap { part(steps, $0..<$0 + 1) }
    #expect(pairs([Fingerprint(steps: steps), Fingerprint(steps: faster)]).isEmpty)
    #expect(pairs([Fingerprint(steps: steps), Fingerprint(steps: part(steps, 4..<323))]) == [[0, 1]])
  }

  /// Levels in steps of 80/255 dB.
  @Test(arguments: [(2, true), (5, true), (10, false)])
  func anotherColourOfSoundIsAnotherRecording(rise: UInt8, isCopy: Bool) {
    var random = RandomFingerprints()
    let song = random.song()
    var louder = song
    for index in louder.levels.indices { louder.levels[index] -= 12 }
    #expect(pairs([song, louder]) == [[0, 1]])
    var brighter = song
    for index in brighter.levels.indices where index % Fingerprint.levelBandCount > 5 {
      brighter.levels[index] -= rise
    }
    #expect(pairs([song, brighter]) == (isCopy ? [[0, 1]] : []))
  }

  /// Half of the time everything is louder, as if other music sounded too, or what is quiet had been compressed.
  @Test(arguments: [(1, true), (3, true), (8, false), (16, false)])
  func levelsThatTakeAnotherCourseAreAnotherRecording(rise: UInt8, isCopy: Bool) {
    var random = RandomFingerprints()
    let song = random.song()
    #expect(pairs([song, quieterInPart(song, by: rise)]) == (isCopy ? [[0, 1]] : []))
  }

  private func quieterInPart(_ song: Fingerprint, by rise: UInt8) -> Fingerprint {
    var song = song
    for index in song.levels.indices where index / Fingerprint.levelBandCount % 40 < 20 {
      song.levels[index] -= min(rise, song.levels[index])
    }
    return song
  }

  /// Cut between two rows of levels, at each place.
  @Test(arguments: 1...9)
  func levelsAreComparedWhereverItIsCut(missing: Int) {
    var random = RandomFingerprints()
    let steps = random.steps()
    let end = Fingerprint(steps: part(steps, missing..<323))
    #expect(pairs([Fingerprint(steps: steps), end]) == [[0, 1]])
    let other = quieterInPart(end, by: 16)
    #expect(pairs([Fingerprint(steps: steps), other]).isEmpty)
    #expect(pairs([other, Fingerprint(steps: steps)]).isEmpty)
  }

  /// What is so quiet that codecs leave it out is no reason, and if there is nothing else, nothing is known.
  @Test func quietLevelsAreNotCompared() {
    var random = RandomFingerprints()
    var (song, copy) = (random.song(), random.song())
    copy.words = song.words
    copy.levels = song.levels
    for index in song.levels.indices where index % Fingerprint.levelBandCount > 5 {
      song.levels[index] = 100
      copy.levels[index] = 60
    }
    #expect(pairs([song, copy]) == [[0, 1]])
    for index in song.levels.indices { song.levels[index] = min(song.levels[index], 100) }
    #expect(pairs([song, song]).isEmpty)
  }

  /// Against a comparison of everything with everything.
  @Test func candidatesAreNotMissed() {
    var random = RandomFingerprints()
    let songs = (0..<30).map { _ in random.song() }
    var all = songs
    for song in songs {
      for share in [0.08, 0.13, 0.16] { all.append(random.damaged(song, share: share)) }
    }
    func rate(_ one: Fingerprint, _ other: Fingerprint) -> Double {
      Double(zip(one.words, other.words).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount })
        / Double(one.words.count * 32)
    }
    var expected: Set<[Int]> = []
    for first in all.indices {
      for second in (first + 1)..<all.count where rate(all[first], all[second]) <= 0.15 {
        expected.insert([first, second])
      }
    }
    let found = Set(pairs(all))
    #expect(expected.count >= 60 && expected.subtracting(found).isEmpty)
    #expect(found.allSatisfy { rate(all[$0[0]], all[$0[1]]) <= 0.25 })
  }
}
