import MusicLibrary
import Reproducibility
import Testing

@Suite struct SongPathTests {
  /// Similarities of songs that lie at random in a square, with the start and the end at opposite corners.
  private func similarities(count: Int, seed: UInt64) -> [[Float]] {
    var generator = SeededGenerator(seed: seed)
    var places = (0..<count).map { _ in SIMD2(generator.uniform(), generator.uniform()) }
    places[0] = [0, 0]
    places[count - 1] = [1, 1]
    return places.map { one in
      places.map { other in Float(1 - ((one - other) * (one - other)).sum().squareRoot()) }
    }
  }

  private func cost(_ path: [Int], _ similarities: [[Float]]) -> Double {
    zip(path, path.dropFirst()).reduce(0) { sum, step in
      let distance = Double(1 - similarities[step.0][step.1])
      return sum + distance * distance
    }
  }

  /// All ways forward of a number of songs.
  private func all(_ length: Int, _ similarities: [[Float]]) -> [[Int]] {
    let end = similarities.count - 1
    func progress(_ song: Int) -> Float { similarities[end][song] - similarities[0][song] }
    func extended(_ path: [Int]) -> [[Int]] {
      guard path.count < length - 1 else { return [path + [end]] }
      return (1..<end).filter { progress($0) > progress(path[path.count - 1]) && progress($0) < progress(end) }
        .flatMap { extended(path + [$0]) }
    }
    return extended([0])
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func noOtherWayForwardIsCheaper(seed: UInt64) throws {
    let similarities = similarities(count: 9, seed: seed)
    let paths = SongPath(similarities: similarities).paths(upTo: 6)
    for (offset, path) in paths.enumerated() {
      #expect(path.count == offset + 2 && path.first == 0 && path.last == 8)
      let best = try #require(all(path.count, similarities).map { cost($0, similarities) }.min())
      #expect(abs(cost(path, similarities) - best) < 1e-9)
    }
    // As many as there are ways of.
    #expect(paths.count == (2...6).filter { !all($0, similarities).isEmpty }.count)
  }

  @Test func noSongTwiceAndNoneThatIsLeftOut() {
    let similarities = similarities(count: 120, seed: 7)
    let paths = SongPath(similarities: similarities).paths(upTo: 30, leavingOut: [3, 5, 8])
    #expect(paths.count == 29)
    for path in paths { #expect(Set(path).count == path.count && Set(path).isDisjoint(with: [3, 5, 8])) }
    // The steps of a long path are small.
    let path = paths[28]
    let steps = zip(path, path.dropFirst()).map { similarities[$0][$1] }
    #expect(steps.allSatisfy { $0 > 0.7 })
  }

  @Test func withoutSongsBetweenItIsTheEndsAlone() {
    #expect(SongPath(similarities: [[1, 0.2], [0.2, 1]]).paths(upTo: 10) == [[0, 1]])
    // Two copies of one song: nothing lies between them.
    let copies: [[Float]] = [[1, 0.5, 1], [0.5, 1, 0.5], [1, 0.5, 1]]
    #expect(SongPath(similarities: copies).paths(upTo: 3) == [[0, 2]])
  }

  @Test func aSetsSimilarityIsRuledNeitherBySizeNorByOneSong() {
    let alike: [[Float]] = [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]
    #expect(Recommender.similarity(ofSets: alike) == 0.5)
    // One odd song in a set of five, however far away.
    let odd: [[Float]] = [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [-1, -1]]
    #expect(Recommender.similarity(ofSets: odd) == 0.5)
    // One song that happens to be a copy of one of the others'.
    let copy: [[Float]] = [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    #expect(Recommender.similarity(ofSets: copy) < 0.1)
    // The same songs twice are the same set.
    let twice = alike + alike
    #expect(Recommender.similarity(ofSets: twice) == 0.5)
    #expect(Recommender.similarity(ofSets: []) == -1)
  }
}
