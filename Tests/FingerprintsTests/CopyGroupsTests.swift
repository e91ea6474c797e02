import Fingerprints
import Testing

@Suite struct CopyGroupsTests {
  private func groups(_ pairs: [(Int, Int)], errorRate: Double = 0.2) -> [[Int]] {
    CopyGroups.groups(of: pairs.map { ($0, $1, errorRate) })
  }

  @Test func copiesOfOneAreAGroup() {
    #expect(groups([]) == [])
    #expect(groups([(4, 2)]) == [[2, 4]])
    #expect(groups([(1, 2), (2, 3), (1, 3), (8, 9)]) == [[1, 2, 3], [8, 9]])
  }

  /// Copies at low rates may be too far from each other, but not from what they were made of.
  @Test func copiesOfOneThatAreNearItNeedNotBeNearEachOther() {
    #expect(groups([(1, 2), (1, 3)], errorRate: 0.12) == [[1, 2, 3]])
    #expect(groups([(1, 2), (1, 3)], errorRate: 0.2) == [[1, 2]])
  }

  /// 1 is like 2, 2 like 3 and so on, but 1 is nothing like 7.
  @Test(arguments: [0.1, 0.2])
  func groupsDoNotChain(errorRate: Double) {
    let found = groups((1..<7).map { ($0, $0 + 1) }, errorRate: errorRate)
    #expect(found == (errorRate == 0.1 ? [[1, 2, 3], [4, 5, 6]] : [[1, 2], [3, 4], [5, 6]]))
  }

  /// 9 is a mix of 1 and 5, each of which has copies.
  @Test func aMixDoesNotJoinTwoSongs() {
    let one = [(1, 2), (1, 3), (2, 3)]
    let other = [(5, 6), (5, 7), (6, 7)]
    let found = groups(one + other + (one + other).flatMap { [($0.0, 9), ($0.1, 9)] })
    #expect(found.allSatisfy { Set($0).isDisjoint(with: [1, 2, 3]) || Set($0).isDisjoint(with: [5, 6, 7]) })
    #expect(Set(found.joined()) == [1, 2, 3, 5, 6, 7, 9])
  }

  @Test(arguments: [10, 11, 12])
  func everyMemberIsACopyOfOneOfThem(seed: Int) {
    var state = UInt64(seed)
    func draw() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % 50
    }
    var pairs: [(Int, Int)] = []
    for _ in 0..<80 {
      let (one, other) = (draw(), draw())
      if one != other { pairs.append((one, other)) }
    }
    let copies = Set(pairs.flatMap { [[$0, $1], [$1, $0]] })
    let near = groups(pairs, errorRate: 0.1)
    for group in near {
      #expect(group.contains { centre in group.allSatisfy { $0 == centre || copies.contains([centre, $0]) } })
    }
    let far = groups(pairs, errorRate: 0.2)
    for group in far {
      #expect(group.allSatisfy { one in group.allSatisfy { $0 == one || copies.contains([one, $0]) } })
    }
    for found in [near, far] {
      #expect(Set(found.joined()).count == found.joined().count)
      #expect(found.allSatisfy { $0.count > 1 && $0 == $0.sorted() })
      // Nothing that is left has a copy that is left.
      let taken = Set(found.joined())
      #expect(pairs.allSatisfy { taken.contains($0.0) || taken.contains($0.1) })
    }
  }
}
